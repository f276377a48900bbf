import { PROTOCOLS } from "../../protocols/detect.ts";
import { GENERIC } from "../../protocols/generic.ts";
import type { OptionSpec } from "./option_spec.ts";

/** What `--protocol` takes. */
export const PROTOCOL_NAMES: readonly string[] = ["auto", ...PROTOCOLS.map(({ name }) => name), GENERIC];

/** Options that say where the server is and how to talk to it. */
export const SERVER_OPTIONS = [
  {
    name: "url",
    group: "The server",
    value: { kind: "text", placeholder: "URL" },
    description: "Base URL of the server; for ab twice, the first being what the second is held against",
    default: "an embedded server is started, used and stopped",
    repeatable: true,
  },
  {
    name: "protocol",
    group: "The server",
    value: { kind: "choice", placeholder: "NAME", choices: PROTOCOL_NAMES },
    description: "How to talk to the server",
    default: "auto: asks the server",
  },
  {
    name: "generic",
    group: "The server",
    value: { kind: "text", placeholder: "FILE.json" },
    description:
      "Description of a server that speaks no known protocol: its requests, with templates, and JSON pointers into its answers",
  },
  {
    name: "header",
    group: "The server",
    value: { kind: "text", placeholder: "'Name: value'" },
    description: "Goes with every request; may be given several times",
    repeatable: true,
  },
  {
    name: "token-env",
    group: "The server",
    value: { kind: "text", placeholder: "VAR" },
    description: "Environment variable with a token that goes with every request as a bearer token",
  },
  {
    name: "token-file",
    group: "The server",
    value: { kind: "text", placeholder: "FILE" },
    description: "File with such a token, or the key_file.json of TorchServe with both of its",
  },
  {
    name: "management-url",
    group: "The server",
    value: { kind: "text", placeholder: "URL" },
    description: "Base URL of the management API (TorchServe)",
    default: "the port behind that of --url",
  },
  {
    name: "management-token-env",
    group: "The server",
    value: { kind: "text", placeholder: "VAR" },
    description: "Environment variable with the token of the management API, where it is another",
  },
  {
    name: "management-token-file",
    group: "The server",
    value: { kind: "text", placeholder: "FILE" },
    description: "File with that token",
  },
  {
    name: "metrics-url",
    group: "The server",
    value: { kind: "text", placeholder: "URL" },
    description: "Base URL of the metrics (TorchServe)",
    default: "the second port behind that of --url",
  },
  {
    name: "model-version",
    group: "The server",
    value: { kind: "text", placeholder: "VERSION" },
    description: "Version of the model (KServe v2, TorchServe)",
    default: "the one that the server chooses",
  },
  {
    name: "reregister",
    group: "The server",
    value: { kind: "flag" },
    description:
      "TorchServe: a cold start registers the model anew, archive included, instead of only starting its worker",
    tests: ["latency", "memory", "comprehensive"],
  },
  {
    name: "ca-file",
    group: "The server",
    value: { kind: "text", placeholder: "FILE" },
    description: "Certificate of the authority that the server's certificate is checked with, PEM",
    default: "those that Deno trusts",
  },
  {
    name: "client-cert",
    group: "The server",
    value: { kind: "text", placeholder: "FILE" },
    description: "Certificate that the client shows, PEM; with --client-key",
  },
  {
    name: "client-key",
    group: "The server",
    value: { kind: "text", placeholder: "FILE" },
    description: "Private key of that certificate, PEM",
  },
  {
    name: "unix-socket",
    group: "The server",
    value: { kind: "text", placeholder: "PATH" },
    description: "Unix socket to connect to; --url gives the host's name and the path",
  },
  {
    name: "proxy",
    group: "The server",
    value: { kind: "text", placeholder: "URL" },
    description: "HTTP proxy; https goes through a tunnel. A password in it is shown nowhere",
  },
  {
    name: "timeout",
    group: "The server",
    value: { kind: "seconds", least: 0.01, most: 3600 },
    description: "Deadline of one request",
    default: "30",
  },
  {
    name: "pid",
    group: "The server",
    value: { kind: "whole", least: 1, most: 2 ** 32 - 1 },
    description: "Process whose memory is the server's",
    default: "the one that listens on the port of --url",
    tests: ["memory", "comprehensive"],
  },
] as const satisfies readonly OptionSpec[];
