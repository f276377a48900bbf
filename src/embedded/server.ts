import { type HttpServer, listenHttp, type ListenOptions } from "./http_server.ts";
import { dispatch, type Route } from "./routes/http.ts";
import type { ModelService } from "./model_service.ts";
import { openInferenceRoutes } from "./routes/open_inference_routes.ts";
import { formatPrometheus } from "./routes/prometheus.ts";
import { RequestError } from "./routes/request_error.ts";
import { refuseStrangers } from "./routes/strangers.ts";
import { torchInferenceRoutes } from "./routes/torch_inference_routes.ts";

/**
 * Serves the models over HTTP, on 127.0.0.1 only, to programs of this machine and not to pages of other sites.
 *
 * @param service The models.
 * @param options Where and within which limits.
 * @throws {Error} If it cannot listen there.
 */
export function serve(service: ModelService, options: ListenOptions): Promise<HttpServer> {
  const routes: Route[] = [
    ...torchInferenceRoutes(service),
    ...openInferenceRoutes(service),
    { method: "GET", path: /^\/metrics$/, handle: () => metrics(service) },
  ];
  return listenHttp(async (request, body) => {
    try {
      refuseStrangers(request);
      return await dispatch(routes, request, body);
    } catch (error) {
      return refusal(request, error);
    }
  }, options);
}

function metrics(service: ModelService): Response {
  const text = formatPrometheus(service, Deno.memoryUsage().rss);
  return new Response(text, { headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8" } });
}

/** An error in the words of the contract that the request's path belongs to. */
function refusal(request: Request, error: unknown): Response {
  const message = error instanceof Error ? error.message : String(error);
  const body = /^https?:\/\/[^/]+\/v2(\/|$)/.test(request.url)
    ? { error: message }
    : { success: false, result: null, error: message };
  return Response.json(body, { status: error instanceof RequestError ? error.status : 500 });
}
