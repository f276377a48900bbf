import type { Random } from "../../../src/core/random.ts";
import type { GpuBehaviour } from "../server_behaviour.ts";

const MB = 2 ** 20;
/** Layers of a network, each of which holds its share of what a request takes. */
const LAYERS = 8;

/** Turns a {@linkcode GpuBehaviour} into what the allocator of a GPU counts. */
export class GpuModel {
  readonly #behaviour: GpuBehaviour;
  readonly #random: Random;
  readonly #begunBytes: number;
  #requests = 0;
  #largestBytes = 0;
  #heldBytes = 0;

  /** @param behaviour What to do. @param random Source of everything random. */
  constructor(behaviour: GpuBehaviour, random: Random) {
    this.#behaviour = behaviour;
    this.#random = random;
    // Some segment was begun before.
    this.#begunBytes = random() * (behaviour.segmentBytes ?? 2 * MB);
  }

  /** A request begins. */
  serve(): void {
    const { activationBytes = 10 * MB } = this.#behaviour;
    this.#requests++;
    this.#heldBytes = this.#shape() * activationBytes;
    this.#largestBytes = Math.max(this.#largestBytes, this.#heldBytes);
  }

  /** What the allocator has given out and what it holds at some moment of a request, bytes. */
  read(loaded = true): { readonly allocatedBytes: number; readonly reservedBytes: number } {
    const { modelBytes = 137 * MB, leakBytes = 0, segmentBytes = 2 * MB } = this.#behaviour;
    const { cacheBytes = 0, cacheRequests = 1 } = this.#behaviour;
    const kept = leakBytes * this.#requests + cacheBytes * Math.min(1, this.#requests / cacheRequests);
    const weights = loaded ? modelBytes : 0;
    const segments = Math.ceil((this.#begunBytes + kept) / segmentBytes) * segmentBytes;
    // Nothing is worked on where there is no model.
    const held = (loaded ? this.#heldBytes : 0) * Math.floor(this.#random() * LAYERS) / (LAYERS - 1);
    return {
      allocatedBytes: Math.round(weights + kept + held),
      reservedBytes: Math.ceil((weights + segments + this.#largestBytes) / (2 * MB)) * 2 * MB,
    };
  }

  /** The size of a request, as a share of the largest. */
  #shape(): number {
    const { shapes = 1, rareShape } = this.#behaviour;
    const any = (count: number) => (1 + Math.floor(this.#random() * count)) / shapes;
    if (rareShape === undefined) return any(shapes);
    return this.#random() < rareShape ? 1 : any(shapes - 1);
  }
}
