import { runProgram } from "../../agreement/install.ts";
import { type PinnedServer, startPinned } from "../pinned.ts";
import { type Answer, answersOf } from "./answers.ts";

/**
 * Starts nginx with one process. It answers small requests whole; of larger ones it would not wait for the body.
 *
 * @param folder Where it may write.
 * @throws {MissingToolError} If it is not installed.
 */
export async function startNginx(folder: string): Promise<PinnedServer> {
  await runProgram("nginx", ["-v"]);
  const port = freePort();
  await Deno.writeTextFile(`${folder}/nginx.conf`, configuration(port, folder));
  return await startPinned(["nginx", "-p", folder, "-e", "stderr", "-c", `${folder}/nginx.conf`], port);
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

function configuration(port: number, folder: string): string {
  const smallest = answersOf(0).filter(({ leastBodyBytes }) => leastBodyBytes === 0);
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) =>
    `${name}_temp_path ${folder}/nginx_${name};`
  );
  return `daemon off;
master_process off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log stderr error;
events { worker_connections 1024; }
http {
  access_log off;
  tcp_nodelay on;
  keepalive_requests 1000000000;
  ${temporary.join("\n  ")}
  server {
    listen 127.0.0.1:${port} backlog=1024;
    default_type application/json;
    ${smallest.map(location).join("\n    ")}
    location / { return 404 '{"error":"not found"}'; }
  }
}
`;
}

function location({ path, body }: Answer): string {
  return `location = ${path} { return 200 '${body}'; }`;
}
