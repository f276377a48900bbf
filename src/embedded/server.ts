import { type HttpServer, listenHttp, type ListenOptions } from "./http_server.ts";
import type { LanguageService } from "./language/language_service.ts";
import { LANGUAGE_MODEL } from "./language/name.ts";
import { dispatch, type Route } from "./routes/http.ts";
import type { ModelService } from "./model_service.ts";
import { openaiRoutes } from "./routes/openai_routes.ts";
import { openInferenceRoutes } from "./routes/open_inference_routes.ts";
import { formatPrometheus } from "./routes/prometheus.ts";
import { RequestError } from "./routes/request_error.ts";
import { refuseStrangers } from "./routes/strangers.ts";
import { torchInferenceRoutes } from "./routes/torch_inference_routes.ts";

/**
 * Serves the models over HTTP, on 127.0.0.1 only, to programs of this machine and not to pages of other sites.
 *
 * @param service The models.
 * @param language The language model.
 * @param options Where and within which limits.
 * @throws {Error} If it cannot listen there.
 */
export function serve(
  service: ModelService,
  language: LanguageService,
  options: ListenOptions,
): Promise<HttpServer> {
  const routes: Route[] = [
    ...openaiRoutes(language),
    ...torchInferenceRoutes(service),
    ...openInferenceRoutes(service),
    { method: "GET", path: /^\/metrics$/, handle: () => metrics(service, language) },
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

function metrics(service: ModelService, { model, statistics }: LanguageService): Response {
  const own = formatPrometheus(service, Deno.memoryUsage().rss);
  const text = model === null ? own : `${own}${statistics.lines(LANGUAGE_MODEL, model).join("\n")}\n`;
  return new Response(text, { headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8" } });
}

/** An error in the words of the contract that the request's path belongs to. */
function refusal(request: Request, error: unknown): Response {
  const message = error instanceof Error ? error.message : String(error);
  const status = error instanceof RequestError ? error.status : 500;
  const body = /^https?:\/\/[^/]+\/v1(\/|$)/.test(request.url)
    ? { error: { message, type: status < 500 ? "BadRequestError" : "InternalServerError", code: status } }
    : /^https?:\/\/[^/]+\/v2(\/|$)/.test(request.url)
    ? { error: message }
    : { success: false, result: null, error: message };
  return Response.json(body, { status });
}
