import { ExchangeError, TargetError } from "../../core/errors.ts";

/**
 * Why a model that is unloaded could not be loaded again, shown by loading it while it is loaded: a server that refuses
 * that refuses it later as well, unless it says that the model is there already.
 *
 * @param load Loads the model.
 * @returns What was seen; `null` where the load succeeded, or was not needed.
 * @throws {TargetError} If the server does not answer.
 */
export async function loadRefusal(load: () => Promise<void>): Promise<string | null> {
  try {
    await load();
    return null;
  } catch (error) {
    if (!(error instanceof TargetError) || error.cause instanceof ExchangeError) throw error;
    return /\balready\b/i.test(error.message) ? null : `the server refuses to load it: ${error.message}`;
  }
}
