/**
 * The process of the embedded server. It prints one JSON line when it is ready and ends when its stdin closes, so that
 * it never outlives the process that started it, however that one ended.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { Connections, roomForConnections } from "./connections.ts";
import type { HttpServer } from "./http_server.ts";
import { LanguageService } from "./language/language_service.ts";
import { LANGUAGE_MODEL } from "./language/name.ts";
import { findModel } from "./models/catalog.ts";
import { ModelService } from "./model_service.ts";
import { ModelStore } from "./models/model_store.ts";
import { serve } from "./server.ts";

/** How long requests under way may take when the server is told to end, ms. */
const GRACE_MS = 2000;

/** How long its models may take besides. An execution cannot be broken off, and nobody waits for it. */
const CLOSE_MS = 3000;

async function main(): Promise<void> {
  const ending = Promise.race([stdinClosed(), signalled()]);
  const started = start();
  // Who started it may be gone while it loads models: then nothing is under way.
  const running = await Promise.race([started, ending]);
  if (running === undefined) return;
  await ending;
  const { server, service, language } = running;
  await within(GRACE_MS, server.shutdown());
  await within(CLOSE_MS, Promise.all([service.close(), language.close()]));
}

async function start(): Promise<{ server: HttpServer; service: ModelService; language: LanguageService }> {
  const { values } = parseArgs({
    options: {
      "cache-dir": { type: "string", default: "." },
      models: { type: "string", default: "" },
      port: { type: "string", default: "0" },
      threads: { type: "string", default: "1" },
      "prefix-cache": { type: "boolean", default: false },
      "max-body-bytes": { type: "string", default: String(64 * 2 ** 20) },
    },
  });
  const store = new ModelStore(values["cache-dir"]);
  await store.makeFolder();
  const service = new ModelService(store, Number(values.threads));
  const language = new LanguageService(store, {
    threads: Number(values.threads),
    prefixCache: values["prefix-cache"] === true,
  });
  for (const name of values.models.split(",").filter(Boolean)) {
    const model = findModel(name);
    if (name === LANGUAGE_MODEL) {
      await language.load();
      continue;
    }
    if (!model) throw new Error(`Cannot load the model "${name}" as it is unknown`);
    await service.load(model);
  }
  const server = await serve(service, language, {
    port: Number(values.port),
    maxBodyBytes: Number(values["max-body-bytes"]),
    connections: new Connections(roomForConnections(ownFile()), log),
  });
  await announce(server.port);
  return { server, service, language };
}

async function within(longestMs: number, ending: Promise<unknown>): Promise<void> {
  await Promise.race([ending, new Promise((resolve) => setTimeout(resolve, longestMs))]);
}

/** This file, where it is one. */
function ownFile(): URL | null {
  return import.meta.url.startsWith("file:") ? new URL(import.meta.url) : null;
}

function log(line: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(`${line}\n`));
}

async function announce(port: number): Promise<void> {
  const line = JSON.stringify({ url: `http://127.0.0.1:${port}`, pid: Deno.pid });
  await Deno.stdout.write(new TextEncoder().encode(`${line}\n`));
}

async function stdinClosed(): Promise<void> {
  const ignored = new Uint8Array(1024);
  while (await Deno.stdin.read(ignored) !== null);
}

function signalled(): Promise<void> {
  return new Promise((resolve) => {
    Deno.addSignalListener("SIGINT", resolve);
    if (Deno.build.os === "windows") return;
    Deno.addSignalListener("SIGTERM", resolve);
    Deno.addSignalListener("SIGHUP", resolve);
  });
}

try {
  await main();
  Deno.exit(0);
} catch (error) {
  await Deno.stderr.write(new TextEncoder().encode(`${error instanceof Error ? error.message : error}\n`));
  Deno.exit(1);
}
