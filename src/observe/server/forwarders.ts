/** Programs that pass requests on: what listens is not what serves. */
const FORWARDERS: ReadonlySet<string> = new Set([
  // Ports of containers and virtual machines.
  "docker-proxy",
  "com.docker.backend",
  "rootlessport",
  "rootlesskit",
  "slirp4netns",
  "pasta",
  "passt",
  "gvproxy",
  "vpnkit",
  "wslrelay.exe",
  "docker",
  "docker-compose",
  "podman",
  "nerdctl",
  "limactl",
  "kubectl",
  "oc",
  "k9s",
  "kube-proxy",
  // Tunnels.
  "ssh",
  "sshd",
  "socat",
  "stunnel",
  "stunnel4",
  "rinetd",
  "cloudflared",
  "ngrok",
  "frpc",
  "frps",
  "tailscaled",
  "session-manager-plugin",
  // Web servers and proxies.
  "nginx",
  "openresty",
  "httpd",
  "apache2",
  "lighttpd",
  "haproxy",
  "envoy",
  "traefik",
  "caddy",
  "varnishd",
  "squid",
  "tinyproxy",
  "hitch",
  "pound",
  "mitmdump",
  "mitmproxy",
  "http-proxy",
  "http-server-proxy",
  "configurable-http-proxy",
  "local-ssl-proxy",
  // Sidecars and gateways.
  "linkerd2-proxy",
  "pilot-agent",
  "istio-proxy",
  "kong",
  "apisix",
  "pgcat",
  "pgbouncer",
  "litellm",
  // It reads requests, and has its shards answer them: they are no children of it.
  "text-generation-router",
  // Ray Serve: its replicas are no children of it.
  "ray::ProxyActor",
  "ray::HTTPProxyActor",
  "ray::GRPCProxyActor",
]);

/** Programs that take what a server writes: they work when it does, and do none of its work. */
const LOG_READERS: ReadonlySet<string> = new Set([
  "tee",
  "cat",
  "less",
  "logger",
  "systemd-journal",
  "rsyslogd",
  "syslog-ng",
  "multilog",
  "svlogd",
  "s6-log",
  "fluent-bit",
  "vector",
  "promtail",
  "filebeat",
  "dockerd",
  "containerd-shim",
  "conmon",
  "tmux: server",
  "screen",
]);

/**
 * Whether a process only takes what others write.
 *
 * @param name Its short name.
 */
export function readsLogs(name: string): boolean {
  return LOG_READERS.has(name);
}

/** The kernel cuts names at so many characters. */
const NAME_CHARACTERS = 15;
const WHOLE_NAMES: ReadonlyMap<string, string> = new Map(
  [...FORWARDERS].map((name) => [name.slice(0, NAME_CHARACTERS), name]),
);

/** Programs that run others, whose first argument is the program that counts. */
const RUNNERS: ReadonlySet<string> = new Set(["node", "nodejs", "bun", "deno", "python", "python3", "perl", "ruby"]);

/**
 * Whether a process is a program that is known to pass requests on.
 *
 * @param name Its short name, which it may have set itself.
 * @param args Its command line.
 *
 * @example
 * ```ts
 * import { assert, assertFalse } from "@std/assert";
 *
 * assert(isForwarder("nginx", ["nginx: master process /usr/sbin/nginx"]));
 * assert(isForwarder("ray::ProxyActor", ["ray::ProxyActor"]));
 * assert(isForwarder("node", ["node", "/usr/bin/configurable-http-proxy", "--port", "8000"]));
 * assert(isForwarder("text-generation", ["text-generation-router", "--port", "80"]));
 * assertFalse(isForwarder("text-generation", ["text-generation-launcher"]));
 * assertFalse(isForwarder("text-generation", ["text-generation-router-llamacpp"]));
 * assertFalse(isForwarder("python3", ["python3", "server.py"]));
 * ```
 */
export function isForwarder(name: string, args: readonly string[] = []): boolean {
  const [program = "", script = ""] = args;
  const own = baseName(program), run = own.replace(/[\d.]+$/, "");
  // A name that was cut may go on otherwise than a forwarder's: the command line has the whole.
  const whole = own.startsWith(name) ? own : name;
  const known = WHOLE_NAMES.get(name.slice(0, NAME_CHARACTERS).replace(/:$/, ""));
  return (known !== undefined && (known.startsWith(whole) || isTitleOf(known, whole))) || FORWARDERS.has(own) ||
    ((RUNNERS.has(name) || RUNNERS.has(run)) && FORWARDERS.has(baseName(script).replace(/\.[cm]?js$/, "")));
}

/** Whether a name is that of a program, with what it may say of itself behind: not that of another one that begins alike. */
function isTitleOf(program: string, name: string): boolean {
  return name.startsWith(program) && !/^[\w-]/.test(name.slice(program.length));
}

/** The last part of a path, and of that the first word: titles such as `nginx: master process` are no paths. */
function baseName(path: string): string {
  return path.split(/[:\s]\s/)[0]!.split("/").at(-1)!;
}
