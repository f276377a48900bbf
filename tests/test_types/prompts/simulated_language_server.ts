import { type Random, seededRandom } from "../../../src/core/random.ts";
import type { Target } from "../../../src/core/target.ts";
import type { Call, Lane, LaneObserver, Transport, WireRequest } from "../../../src/core/transport.ts";
import { wholeBody } from "../../../src/core/wire_body.ts";
import { openai } from "../../../src/protocols/openai.ts";
import type { VirtualClock } from "../../load/virtual_clock.ts";

/** What is true of a simulated language model. Times are ms. */
export interface LanguageBehaviour {
  /** Time to the first token of an empty prompt. */
  readonly interceptMs: number;
  /** What each token adds. */
  readonly perTokenMs: number;
  /** What the square of their number adds. @default {0} */
  readonly perSquareMs?: number;
  /** Half width of the uniform relative jitter of each time. @default {0.1} */
  readonly jitter?: number;
  /** Whether a prompt that was sent before costs nothing but the intercept. @default {false} */
  readonly prefixCache?: boolean;
  /** Whether it says how many tokens it had. @default {false} */
  readonly tellsCached?: boolean;
  /** Most tokens of a prompt. @default {2048} */
  readonly context?: number;
  /** Whether it counts tokens, or says the same number of every prompt. @default {true} */
  readonly counts?: boolean | number;
  /** Refuses one request in so many, whatever it holds. @default {none} */
  readonly refusesOneIn?: number;
  /** Time in the queue, part of the intercept; its metrics tell it. @default {no metrics} */
  readonly queueMs?: number;
  /** What the client sees beyond what the metrics count. @default {0} */
  readonly beyondMs?: number;
}

/** Tokens of the template around a prompt. */
export const TEMPLATE = 5;
const OUTPUT_TOKENS = 4;
const TOKEN_MS = 1;

const utf8 = new TextEncoder();

/** A language model over OpenAI's API in virtual time: one answer at a time does not disturb another. */
export async function simulatedLanguageTarget(
  clock: VirtualClock,
  behaviour: LanguageBehaviour,
  seed = 1,
): Promise<Target> {
  const server = new LanguageServer(clock, behaviour, seededRandom(seed));
  const protocol = await openai.bind(server.call, { generation: { outputTokens: OUTPUT_TOKENS } });
  const close = () => Promise.resolve();
  return {
    url: "http://simulated",
    model: "alpha",
    description: await protocol.describeModel("alpha"),
    protocol,
    protocolEvidence: "simulated",
    embedded: false,
    openTransport: () => server.openTransport(),
    close,
    [Symbol.asyncDispose]: close,
  };
}

class LanguageServer {
  readonly #clock: VirtualClock;
  readonly #behaviour: LanguageBehaviour;
  readonly #random: Random;
  readonly #seen = new Set<string>();
  #answers = 0;
  #requests = 0;
  #firstTokenMs = 0;

  constructor(clock: VirtualClock, behaviour: LanguageBehaviour, random: Random) {
    this.#clock = clock;
    this.#behaviour = behaviour;
    this.#random = random;
  }

  readonly call: Call = ({ path }) => {
    const answer = (text: string, status = 200) => Promise.resolve({ status, headers: {}, body: utf8.encode(text) });
    if (path === "/v1/models") return answer('{"object":"list","data":[{"id":"alpha"}]}');
    const { queueMs } = this.#behaviour;
    if (path !== "/metrics" || queueMs === undefined) return answer("Not Found", 404);
    const histogram = (name: string, ms: number) =>
      `vllm:${name}_seconds_sum{model_name="alpha"} ${ms / 1000}\n` +
      `vllm:${name}_seconds_count{model_name="alpha"} ${this.#answers}\n`;
    const queuedMs = queueMs * this.#answers;
    return answer(
      histogram("time_to_first_token", this.#firstTokenMs) + histogram("request_queue_time", queuedMs) +
        histogram("request_prefill_time", this.#firstTokenMs - queuedMs) +
        histogram("request_inference_time", this.#firstTokenMs - queuedMs),
    );
  };

  openTransport(): Transport {
    const close = () => Promise.resolve();
    return { origin: "http://simulated", openLane: () => this.#lane(), close, [Symbol.asyncDispose]: close };
  }

  #lane(): Lane {
    let cancel: (() => void) | null = null;
    return {
      send: (request, _timeoutMs, observer) => {
        const revokes: (() => void)[] = [];
        cancel = () => {
          cancel = null;
          for (const revoke of revokes) revoke();
          observer.onCancelled();
        };
        this.#answer(
          request,
          observer,
          (afterMs, fire) => revokes.push(this.#clock.after(afterMs, fire)),
          () => cancel = null,
        );
      },
      cancel: () => cancel?.(),
      close: () => {
        cancel?.();
        return Promise.resolve();
      },
    };
  }

  #answer(
    request: WireRequest,
    observer: LaneObserver,
    after: (ms: number, fire: () => void) => void,
    ended: () => void,
  ): void {
    const { interceptMs, perTokenMs, perSquareMs = 0, jitter = 0.1, context = 2048, beyondMs = 0 } = this.#behaviour;
    const prompt: string = JSON.parse(new TextDecoder().decode(wholeBody(request.body))).messages[0].content;
    const tokens = prompt.split(" ").length + TEMPLATE;
    let body = "";
    const piece = (text: string) => {
      body += text;
      observer.onChunk?.(utf8.encode(text));
    };
    const end = (status: number) => {
      ended();
      observer.onResponse({ status, headers: {}, body: utf8.encode(body) });
    };
    const { refusesOneIn = Infinity } = this.#behaviour;
    if (tokens > context || ++this.#requests % refusesOneIn === 0) {
      const message = `This model's maximum context length is ${context} tokens.`;
      return after(1, () => {
        observer.onFirstByte();
        piece(JSON.stringify({ error: { message } }));
        end(400);
      });
    }
    const cached = this.#behaviour.prefixCache && this.#seen.has(prompt) ? tokens : 0;
    this.#seen.add(prompt);
    const own = tokens - cached;
    const trueMs = interceptMs + perTokenMs * own + perSquareMs * own ** 2;
    const firstMs = trueMs * (1 + jitter * (2 * this.#random() - 1));
    after(firstMs - beyondMs, () => {
      this.#answers++;
      this.#firstTokenMs += firstMs - beyondMs;
    });
    const chunk = (value: object) => piece(`data: ${JSON.stringify(value)}\n\n`);
    for (let i = 0; i < OUTPUT_TOKENS; i++) {
      after(firstMs + i * TOKEN_MS, () => {
        if (i === 0) observer.onFirstByte();
        chunk({
          choices: [{ index: 0, delta: { content: " so" }, finish_reason: i === OUTPUT_TOKENS - 1 ? "length" : null }],
        });
      });
    }
    after(firstMs + OUTPUT_TOKENS * TOKEN_MS, () => {
      const { counts = true, tellsCached = false } = this.#behaviour;
      const details = tellsCached ? { prompt_tokens_details: { cached_tokens: cached } } : {};
      if (counts !== false) {
        const promptTokens = counts === true ? tokens : counts;
        chunk({ choices: [], usage: { prompt_tokens: promptTokens, completion_tokens: OUTPUT_TOKENS, ...details } });
      }
      piece("data: [DONE]\n\n");
      end(200);
    });
  }
}
