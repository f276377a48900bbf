import { assertEquals } from "@std/assert";
import { inWords } from "../../../src/core/option_words.ts";
import { redirectHint } from "../../../src/protocols/failure/redirect.ts";

Deno.test("redirectHint() takes the path of the question off the end of where it leads", () => {
  const tryUrl = (url: string) => `Redirects are not followed: try url: ${url}.`;
  const rows = [
    ["http://a", "/health", "https://b/health", tryUrl("https://b")],
    ["http://a", "/health", "https://b/health/", tryUrl("https://b")],
    ["http://a", "/health", "https://b/below/health?x=1", tryUrl("https://b/below")],
    ["http://a/v1", "/v2?x=1", "/models/v2", tryUrl("http://a/models")],
    ["http://a", "/health", "//b:81/health", tryUrl("http://b:81")],
    ["http://a", "/health", "https://b/", tryUrl("https://b")],
    ["http://a:8000", "/health", "http://a:8000/health/", "the server wants a slash behind its paths"],
    ["http://a/v1", "/health", "/v1/health/", "the server wants a slash behind its paths"],
    ["https://a", "/health", "http://a/health/", "the server wants a slash behind its paths"],
    ["https://a:8443/v1", "/health", "http://a:8443/v1/health/", "the server wants a slash behind its paths"],
    ["https://a", "/health", "http://a/health", tryUrl("http://a")],
    ["http://a", "/health", "https://a/health/", tryUrl("https://a")],
    ["http://a", "/health", "https://a/", tryUrl("https://a")],
    ["http://a", "/health", "/", "is that a page to log in"],
    ["http://a/v1", "/health", "/", "is that a page to log in"],
    ["http://a", "/health", "/?next=/health", "is that a page to log in"],
    ["http://a", "/health", "https://login.example/?next=/health", "is that a page to log in"],
    ["http://a", "/", "/", "leads to where it came from"],
    ["http://a", "/health", "/health", "leads to where it came from"],
    ["http://a", "/health", "https://login.example/start", "is that a page to log in"],
    ["http://a", "/health", "http://[", "Redirects are not followed."],
    ["http://a", "/health", null, "Redirects are not followed."],
  ] as const;
  for (const [href, path, location, words] of rows) {
    const hint = inWords(redirectHint(href, { path, location }));
    assertEquals(hint.includes(words), true, `${location}: ${hint}`);
  }
});
