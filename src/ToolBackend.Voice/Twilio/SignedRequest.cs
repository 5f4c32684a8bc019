using Microsoft.Extensions.Options;
using ToolBackend.Voice.Hosting;

namespace ToolBackend.Voice.Twilio;

/// <summary>A request that Twilio has signed, with its form.</summary>
public sealed class SignedRequest(IReadOnlyList<KeyValuePair<string, string>> form)
{
    /// <summary>The first of that name; empty when there is none.</summary>
    public string this[string name]
    {
        get
        {
            foreach (var (key, value) in form)
            {
                if (string.Equals(key, name, StringComparison.Ordinal))
                {
                    return value;
                }
            }

            return "";
        }
    }
}

/// <summary>Lets in what Twilio signed over our public address. Headers of proxies are not asked: the address is configured.</summary>
public sealed class TwilioGate(IOptions<VoiceOptions> voice, IOptions<TwilioOptions> twilio)
{
    /// <summary>Twilio's forms are below 4 kB.</summary>
    private const int MaxForm = 64 * 1024;

    private readonly TwilioSignature? _signature = twilio.Value.AuthToken is { Length: > 0 } token ? new TwilioSignature(token) : null;
    private readonly string _public = voice.Value.PublicUrl;

    public string HttpUrl(string path) => _public + path;

    public string SocketUrl(string path) => "ws" + _public[4..] + path;

    /// <summary>The signed form; null after the answer 403 or 400 was given.</summary>
    public async Task<SignedRequest?> ReadAsync(HttpContext context)
    {
        if (context.Request.ContentLength is null or > MaxForm || !context.Request.HasFormContentType)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return null;
        }

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var parameters = form.SelectMany(p => p.Value.Select(v => KeyValuePair.Create(p.Key, v ?? ""))).ToList();
        if (!Verify(context, HttpUrl(PathOf(context)), parameters))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return null;
        }

        return new SignedRequest(parameters);
    }

    /// <summary>Whether a websocket's upgrade is signed.</summary>
    public bool VerifyUpgrade(HttpContext context) => Verify(context, SocketUrl(PathOf(context)), []);

    private bool Verify(HttpContext context, string url, IReadOnlyList<KeyValuePair<string, string>> parameters) =>
        _signature?.Verify(context.Request.Headers[TwilioSignature.Header], url, parameters) is true;

    private static string PathOf(HttpContext context) => context.Request.Path.ToUriComponent() + context.Request.QueryString.ToUriComponent();
}
