import type { EncodedRequest, Protocol, ProtocolFactory } from "../core/protocol.ts";
import type { Generation } from "../core/request/generation.ts";
import type { ModelInput } from "../core/model_input.ts";
import { percentEncoded } from "../core/untrusted/percent.ts";
import { BodyParts } from "../items/body_parts.ts";
import { encodedItem } from "../items/encoded_item.ts";
import { jsonText } from "../items/exact/json_text.ts";
import { kserveV2 } from "./kserve_v2.ts";
import { JSON_ITEMS } from "./shared/json_form.ts";
import { UnknownInputError } from "./shared/unknown_input_error.ts";
import { judgeWhole } from "./streams/judge_whole.ts";
import { askedPrompt, checkText } from "./streams/asked_prompt.ts";
import { promptsOf } from "./streams/prompts.ts";
import { requestTokens } from "./streams/request_tokens.ts";
import { TokenStream } from "./streams/token_stream.ts";
import { readTritonEvent } from "./triton_generate/read_event.ts";

const NAME = "triton-generate";
const FORM = { framing: "sse", saysItsEnd: false, read: readTritonEvent } as const;

/** The same array for every request, so that a lane prepares it once. */
const HEADERS: readonly string[] = ["content-type", "application/json", "accept", "text/event-stream"];

/**
 * Triton's generate extension (docs/protocol/extension_generate.md): a text for a stream of texts. A server does not say which
 * of its models take one, so that this is asked for by name; all else is KServe v2.
 */
export const tritonGenerate: ProtocolFactory = {
  name: NAME,
  takesGeneration: true,
  lacksGeneration: ["ignoreEos"],
  ...kserveV2.versionedPath === undefined ? {} : { versionedPath: kserveV2.versionedPath },
  detect: () => Promise.resolve(null),

  async bind(call, options) {
    const { generation = {} } = options ?? {};
    const { settleForm: _, describeModel, ...server } = await kserveV2.bind(call, options);
    return {
      ...server,
      name: NAME,
      takesTensors: false,
      takesParameters: false,
      generation,
      openStream: () => new TokenStream(FORM, generation.keepsText),
      itemForm: () => JSON_ITEMS,
      encode: (model, inputs) => encode(model, inputs, generation),
      judge: judgeWhole(FORM),
      describeModel: async (model, options) => {
        // What its tensors are does not matter: a prompt is sent.
        const known = await describeModel(model, options).catch((error) => {
          if (!(error instanceof UnknownInputError)) throw error;
          return error.known;
        });
        return { ...known, input: promptsOf(generation), maxBatchSize: 1 };
      },
    } satisfies Protocol;
  },
};

function encode(model: string, inputs: readonly ModelInput[], generation: Generation): EncodedRequest {
  const asked = askedPrompt(inputs, generation);
  checkText(asked, "generate_stream");
  const { temperature, topP, topK, samplingSeed, minTokens, extraBody = {} } = generation;
  const fields = {
    stream: true,
    max_tokens: asked.outputTokens,
    ...temperature !== undefined && { temperature },
    ...topP !== undefined && { top_p: topP },
    ...topK !== undefined && { top_k: topK },
    ...samplingSeed !== undefined && { seed: samplingSeed },
    ...minTokens !== undefined && { min_tokens: minTokens },
    ...asked.members,
    ...extraBody,
  };
  const body = new BodyParts().text(`${jsonText(fields).slice(0, -1)},"text_input":`)
    .list([encodedItem(JSON_ITEMS, asked.prompt)]).text("}");
  return {
    method: "POST",
    path: `/v2/models/${percentEncoded(model)}/generate_stream`,
    headers: HEADERS,
    tokens: requestTokens(asked, generation),
    ...body.encoded(),
  };
}
