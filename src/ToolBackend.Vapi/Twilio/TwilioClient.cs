using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ToolBackend.Vapi.Definitions;

namespace ToolBackend.Vapi.Twilio;

/// <summary>The incoming phone numbers of one Twilio account. Safe to share between threads.</summary>
/// <remarks>
/// 429, 5xx and no answer are tried again: a list changes nothing, and an update that is done twice is done once. Every method throws
/// <see cref="TwilioApiException"/>, and nothing else, when Twilio does not do what was asked.
/// </remarks>
public sealed partial class TwilioClient : IDisposable
{
    private const int PageSize = 1000;

    /// <summary>A list that goes on for ever must end.</summary>
    private const int MostPages = 1000;

    private readonly TwilioTransport _transport;
    private readonly string _numbers;

    /// <param name="options">Checked here.</param>
    /// <param name="time">Clock of waits and deadlines.</param>
    /// <param name="logger">Told of attempts that are repeated.</param>
    /// <param name="handler">For tests; owned by the client. Default: one that follows no redirects and keeps no cookies.</param>
    /// <exception cref="ArgumentException">The options are not valid.</exception>
    public TwilioClient(TwilioClientOptions options, TimeProvider time, ILogger<TwilioClient>? logger = null, HttpMessageHandler? handler = null)
    {
        if (options.Validate() is [var first, ..])
        {
            throw new ArgumentException(first, nameof(options));
        }

        _transport = new TwilioTransport(options, time, logger ?? NullLogger<TwilioClient>.Instance, handler);
        _numbers = $"2010-04-01/Accounts/{options.AccountSid}/IncomingPhoneNumbers";
    }

    /// <summary>All numbers of the account, each once, in Twilio's order.</summary>
    public async Task<IReadOnlyList<TwilioNumber>> ListNumbersAsync(CancellationToken cancellation = default)
    {
        var numbers = new OrderedDictionary<string, TwilioNumber>(StringComparer.Ordinal);
        var pages = 0;
        for (var next = $"{_numbers}.json?PageSize={PageSize}"; next is not null;)
        {
            if (++pages > MostPages)
            {
                throw Unreadable($"more than {MostPages} pages");
            }

            var page = await _transport.SendAsync(HttpMethod.Get, next, form: null, cancellation);
            if (page["incoming_phone_numbers"] is not JsonArray items)
            {
                throw Unreadable("the answer is no list");
            }

            foreach (var item in items)
            {
                var number = Read(item) ?? throw Unreadable("it holds something that is no number");
                numbers.TryAdd(number.Sid, number);
            }

            next = NextPage(page);
        }

        return [.. numbers.Values];
    }

    /// <summary>Changes where a number's calls go, from the next call on, and returns the number as it is afterwards.</summary>
    /// <param name="sid">PN...</param>
    /// <param name="update">At least one field.</param>
    /// <exception cref="ArgumentException">The sid is none, or there is nothing to change.</exception>
    public async Task<TwilioNumber> UpdateNumberAsync(string sid, TwilioNumberUpdate update, CancellationToken cancellation = default)
    {
        if (!Sid().IsMatch(sid))
        {
            throw new ArgumentException("A number's sid is PN and letters or digits.", nameof(sid));
        }

        var form = update.Form;
        if (form.Count == 0)
        {
            throw new ArgumentException("There is nothing to change.", nameof(update));
        }

        var path = $"{_numbers}/{sid}.json";
        return Read(await _transport.SendAsync(HttpMethod.Post, path, form, cancellation))
            ?? throw new TwilioApiException(TwilioFailure.Unreadable, $"POST /{path}: the answer is no phone number.");
    }

    public void Dispose() => _transport.Dispose();

    // Only the same list is followed: the credentials go wherever the next page is said to be.
    private string? NextPage(JsonObject page) => page.TextAt("next_page_uri") switch
    {
        null or "" => null,
        var next when next.StartsWith($"/{_numbers}.json?", StringComparison.Ordinal) => next[1..],
        _ => throw Unreadable("its next page is somewhere else"),
    };

    private static TwilioNumber? Read(JsonNode? node) => node.TextAt("sid") is { } sid && node.TextAt("phone_number") is { } number
        ? new TwilioNumber(sid, number)
        {
            VoiceUrl = node.TextAt("voice_url") ?? string.Empty,
            VoiceMethod = node.TextAt("voice_method") ?? "POST",
            VoiceFallbackUrl = node.TextAt("voice_fallback_url") ?? string.Empty,
            VoiceFallbackMethod = node.TextAt("voice_fallback_method") ?? "POST",
            StatusCallback = node.TextAt("status_callback") ?? string.Empty,
            StatusCallbackMethod = node.TextAt("status_callback_method") ?? "POST",
            VoiceApplicationSid = node.TextAt("voice_application_sid") ?? string.Empty,
            TrunkSid = node.TextAt("trunk_sid") ?? string.Empty,
        }
        : null;

    private TwilioApiException Unreadable(string why) => new(TwilioFailure.Unreadable, $"GET /{_numbers}.json: {why}; the list cannot be read in full.");

    [GeneratedRegex("^PN[0-9A-Za-z]{1,64}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Sid();
}
