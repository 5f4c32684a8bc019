using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ToolBackend.Vapi.Rest;

/// <summary>
/// Vapi's REST API for one organisation, on JSON as it came: members that nobody here knows are kept. Safe to share between threads; made once per key.
/// </summary>
/// <remarks>
/// <code>
/// what                                  GET, PATCH, DELETE          POST
/// 429, 502, 503, 504, no answer         tried again                 looked up, then tried again; without a look-up not at all
/// every other failure                   thrown                      thrown, after a look-up when it may have been done
/// </code>
/// A path is relative and has no query (<c>assistant/ID</c>). Every method throws <see cref="VapiApiException"/>, and nothing else, when Vapi does not do what was asked;
/// ArgumentException for a path that could leave the API.
/// </remarks>
public sealed class VapiClient : IDisposable
{
    private readonly VapiTransport _transport;

    /// <param name="options">Checked here.</param>
    /// <param name="time">Clock of waits and deadlines. The rate limiter has one of its own, of the machine.</param>
    /// <param name="logger">Told of attempts that are repeated.</param>
    /// <param name="handler">For tests; owned by the client. Default: one that follows no redirects and keeps no cookies.</param>
    /// <exception cref="ArgumentException">The options are not valid.</exception>
    public VapiClient(VapiClientOptions options, TimeProvider time, ILogger<VapiClient>? logger = null, HttpMessageHandler? handler = null)
    {
        if (options.Validate() is [var first, ..])
        {
            throw new ArgumentException(first, nameof(options));
        }

        _transport = new VapiTransport(options, time, logger ?? NullLogger<VapiClient>.Instance, handler);
    }

    /// <summary>Everything of a resource, in whatever order and shape (array or pages) Vapi lists it, each id once.</summary>
    /// <param name="path">Such as <c>assistant</c>.</param>
    /// <param name="query">Filters, such as <c>updatedAtGe</c>. <c>limit</c> and <c>page</c> are set here.</param>
    public async Task<IReadOnlyList<JsonObject>> ListAsync(string path, IEnumerable<KeyValuePair<string, string>>? query = null, CancellationToken cancellation = default)
    {
        var pages = new ListPages(path, query);
        for (var next = pages.First; next is not null;)
        {
            next = pages.Add(await _transport.SendAsync(new VapiRequest(HttpMethod.Get, path, next), cancellation));
        }

        return pages.Items;
    }

    /// <summary>One object, or null when Vapi says that there is none (404).</summary>
    public async Task<JsonObject?> GetAsync(string path, CancellationToken cancellation = default)
    {
        var request = new VapiRequest(HttpMethod.Get, path);
        try
        {
            return request.ObjectOf(await _transport.SendAsync(request, cancellation));
        }
        catch (VapiApiException failure) when (failure.Failure == VapiFailure.NotFound)
        {
            return null;
        }
    }

    /// <summary>Creates an object and returns it as Vapi made it.</summary>
    /// <param name="path">Such as <c>assistant</c>.</param>
    /// <param name="body">Sent as it is.</param>
    /// <param name="findExisting">
    /// Looks for the object that an earlier attempt may have made, by its name; asked before every further attempt, since Vapi knows no idempotency key. Null: one attempt.
    /// </param>
    public Task<JsonObject> CreateAsync(
        string path, JsonObject body, Func<CancellationToken, Task<JsonObject?>>? findExisting = null, CancellationToken cancellation = default) =>
        _transport.CreateAsync(new VapiRequest(HttpMethod.Post, path, [], body), findExisting, cancellation);

    /// <summary>
    /// Replaces the members that <paramref name="body"/> has, each as a whole; a null clears one. Returns the object afterwards.
    /// </summary>
    public async Task<JsonObject> PatchAsync(string path, JsonObject body, CancellationToken cancellation = default)
    {
        var request = new VapiRequest(HttpMethod.Patch, path, RequiredByPatch(path), body);
        return request.ObjectOf(await _transport.SendAsync(request, cancellation));
    }

    /// <summary>Deletes an object. False when there was none.</summary>
    public async Task<bool> DeleteAsync(string path, CancellationToken cancellation = default)
    {
        try
        {
            await _transport.SendAsync(new VapiRequest(HttpMethod.Delete, path), cancellation);
            return true;
        }
        catch (VapiApiException failure) when (failure.Failure == VapiFailure.NotFound)
        {
            // Not there at a second attempt: the first one did it and its answer was lost.
            return failure.Attempts > 1;
        }
    }

    public void Dispose() => _transport.Dispose();

    // Vapi refuses to change a structured output's schema, or anything else of it, without this word.
    private static KeyValuePair<string, string>[] RequiredByPatch(string path) =>
        path.TrimStart('/').StartsWith("structured-output/", StringComparison.Ordinal) ? [new("schemaOverride", "true")] : [];
}
