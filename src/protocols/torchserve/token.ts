import { TargetError } from "../../core/errors.ts";
import { naming, option } from "../../core/option_words.ts";
import { isUnauthorized } from "../shared/authentication.ts";
import { isRecord, type ServerAnswer } from "../shared/server_answer.ts";

/** Whether TorchServe refuses for want of the right token; it answers status 400 then, not 401. */
export function wantsToken({ status, value }: ServerAnswer): boolean {
  return isUnauthorized({ status }) || isRecord(value) && value["type"] === "InvalidKeyException";
}

/** The error for predictions without the right token. */
export function refusedToken(answer: ServerAnswer): TargetError {
  return new TargetError(
    `Cannot use TorchServe as its requests must carry the inference token: it says "${answer.words}"`,
    { hint: naming`Give ${option("headers")}; the key is in the key_file.json that TorchServe wrote.`, lasts: true },
  );
}

/** Why the management API cannot be used without its token. */
export const NO_MANAGEMENT_TOKEN = "TorchServe's management API refuses the token: it wants the management token";
