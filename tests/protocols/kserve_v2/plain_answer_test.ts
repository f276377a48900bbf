import { assert, assertEquals } from "@std/assert";
import type { Asked } from "../../../src/core/protocol.ts";
import { seededRandom } from "../../../src/core/random.ts";
import { JSON_LENGTH_HEADER } from "../../../src/protocols/kserve_v2/encode.ts";
import { judgeInference } from "../../../src/protocols/kserve_v2/judge.ts";
import { ModelNames } from "../../../src/protocols/kserve_v2/model_names.ts";
import { isPlainSuccess } from "../../../src/protocols/kserve_v2/plain_answer.ts";

const encoder = new TextEncoder();
const ASKED: Asked = { model: "m", predictions: 2, allowNullResults: false };

/** Knows the model's name, and lets nothing be judged at a glance. */
class CarefulNames extends ModelNames {
  override usual(): null {
    return null;
  }
}

function known<N extends ModelNames>(names: N): N {
  names.accepts("m", "m-1");
  return names;
}

const usual = known(new ModelNames()), careful = known(new CarefulNames());

function isPlain(json: string, rawBytes = 0, countsRows = true): boolean {
  return isPlainSuccess(encoder.encode(json), { asked: ASKED, countsRows, name: encoder.encode("m-1"), rawBytes });
}

const SCORES = '{"name": "o", "datatype": "FP32", "shape": [2, 2], "data": [1, 2.5, -3e-2, 4]}';
const LABELS = '{"shape":[2],"data":["a","b"],"datatype":"BYTES","name":"l"}';
const RAW = '{"name":"o","datatype":"FP32","shape":[2,2],"parameters":{"x":1,"binary_data_size":16}}';
const answer = (...outputs: string[]) =>
  `{"model_name":"m-1","id":"7","parameters":{},"outputs":[${outputs.join(", ")}]}`;

Deno.test("isPlainSuccess() knows the usual answers, whatever the order of their members", () => {
  assert(isPlain(answer(SCORES)));
  assert(isPlain(answer(SCORES, LABELS)));
  assert(isPlain(answer(RAW), 16));
  assert(isPlain(answer(RAW, SCORES, RAW), 32));
  assert(isPlain(`{"outputs":[${SCORES}],"model_version":"1","model_name":"m-1"}`));
  assert(isPlain(answer('{"shape":[3,1],"data":[1,2,3]}'), 0, false));
});

Deno.test("isPlainSuccess() leaves all else to the judge", () => {
  const others = [
    "",
    "{}",
    answer(),
    answer(SCORES).replace("m-1", "m"),
    answer(SCORES).replace('"model_name":"m-1",', ""),
    answer(SCORES).replace('"id":"7"', '"error":null'),
    answer(SCORES).replace("4]", "null]"),
    answer(SCORES).replace("[1, 2.5, -3e-2, 4]", "[[1, 2], [3, 4]]"),
    answer(SCORES).replace("[2, 2]", "[2, 3]"),
    answer(SCORES).replace("[2, 2]", "[4, 1]"),
    answer(SCORES).replace("[2, 2]", "[2.0, 2]"),
    answer(SCORES).replace(', "data": [1, 2.5, -3e-2, 4]', ""),
    answer(SCORES).replace('"data"', '"shape":[2,2],"data"'),
    answer(LABELS).replace('"a"', '"\u00e9"'),
    answer(RAW),
    answer(SCORES) + "x",
  ];
  for (const json of others) assert(!isPlain(json), json);
});

Deno.test("an answer is judged the same at a glance and with care, of 20,000 that were made wrong at random", () => {
  const random = seededRandom(17);
  const pick = (count: number) => Math.floor(random() * count);
  const bases = [
    answer(SCORES),
    answer(SCORES, LABELS),
    answer(RAW),
    answer('{"shape":[],"data":[1]}'),
    answer('{"shape":[0],"data":[]}'),
  ];
  const parts = [
    "null",
    "[",
    "]",
    "{",
    "}",
    ",",
    "1",
    "2",
    "-",
    ".",
    "e3",
    '"',
    '"data":',
    '"shape":[2]',
    '"error":"x",',
    '"model_name":"m",',
    " ",
    "\\u0031",
    "\u00e9",
    "true",
    '"binary_data_size":16',
    "{}",
  ];
  let plain = 0, failed = 0;
  for (let i = 0; i < 20_000; i++) {
    const base = bases[pick(bases.length)]!, at = pick(base.length), length = pick(6);
    const inserted = Array.from({ length: pick(3) }, () => parts[pick(parts.length)]).join("");
    const json = encoder.encode(base.slice(0, at) + inserted + base.slice(at + length));
    const raw = [0, 16][pick(2)]!, countsRows = random() < 0.5, asked = { ...ASKED, predictions: 1 + pick(2) };
    const body = new Uint8Array(json.length + raw);
    body.set(json);
    const response = { status: 200, headers: { [JSON_LENGTH_HEADER]: String(json.length) }, body };
    const verdict = judgeInference(response, asked, countsRows, careful);
    assertEquals(judgeInference(response, asked, countsRows, usual), verdict, new TextDecoder().decode(json));
    const isQuick = isPlainSuccess(json, { asked, countsRows, name: encoder.encode("m-1"), rawBytes: raw });
    assert(!isQuick || verdict.kind === "success", new TextDecoder().decode(json));
    if (isQuick) plain++;
    if (verdict.kind === "failure") failed++;
  }
  assert(plain > 500 && failed > 5000, `${plain} were plain, ${failed} failed`);
});
