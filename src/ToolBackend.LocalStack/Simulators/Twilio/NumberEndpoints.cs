using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ToolBackend.LocalStack.Simulators.Twilio;

/// <summary><c>/IncomingPhoneNumbers</c>: list with its filter and pages, fetch, update.</summary>
internal sealed class NumberEndpoints(TwilioAccount account)
{
    private const int DefaultPageSize = 50;
    private const int MostOnAPage = 1000;
    private const int LongestName = 64;

    public void Map(RouteGroupBuilder api)
    {
        api.MapGet("/IncomingPhoneNumbers.json", List);
        api.MapGet("/IncomingPhoneNumbers/{sid}.json", (HttpContext http, string sid) => account.FindNumber(sid) is { } found ? Json(found.ToJson()) : TwilioErrors.NotFound(http));
        api.MapPost("/IncomingPhoneNumbers/{sid}.json", UpdateAsync);
    }

    private IResult List(HttpContext http)
    {
        var query = http.Request.Query;
        var size = Math.Clamp(Number(query["PageSize"].ToString()) ?? DefaultPageSize, 1, MostOnAPage);
        var page = Math.Max(0, Number(query["Page"].ToString()) ?? 0);
        var found = account.Numbers.Where(number => Matches(number.Number, query["PhoneNumber"].ToString())
            && (query["FriendlyName"].ToString() is not { Length: > 0 } name || number.FriendlyName == name)).ToArray();
        var items = found.Skip(page * size).Take(size).ToArray();
        var last = (page + 1) * size >= found.Length;
        return Json(new JsonObject
        {
            ["end"] = (page * size) + Math.Max(0, items.Length - 1),
            ["first_page_uri"] = PageUri(http, size, 0),
            ["incoming_phone_numbers"] = new JsonArray([.. items.Select(number => number.ToJson())]),
            ["next_page_uri"] = last ? null : PageUri(http, size, page + 1),
            ["page"] = page,
            ["page_size"] = size,
            ["previous_page_uri"] = page == 0 ? null : PageUri(http, size, page - 1),
            ["start"] = page * size,
            ["uri"] = PageUri(http, size, page),
        });
    }

    private async Task<IResult> UpdateAsync(HttpContext http, string sid)
    {
        if (account.FindNumber(sid) is not { } number)
        {
            return TwilioErrors.NotFound(http);
        }

        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (Check(form) is { } refused)
        {
            return refused;
        }

        account.Change(now =>
        {
            number.FriendlyName = Text(form, "FriendlyName") ?? number.FriendlyName;
            number.VoiceUrl = Text(form, "VoiceUrl") ?? number.VoiceUrl;
            number.VoiceMethod = Text(form, "VoiceMethod") ?? number.VoiceMethod;
            number.VoiceFallbackUrl = Text(form, "VoiceFallbackUrl") ?? number.VoiceFallbackUrl;
            number.VoiceFallbackMethod = Text(form, "VoiceFallbackMethod") ?? number.VoiceFallbackMethod;
            number.StatusCallback = Text(form, "StatusCallback") ?? number.StatusCallback;
            number.StatusCallbackMethod = Text(form, "StatusCallbackMethod") ?? number.StatusCallbackMethod;
            number.SmsUrl = Text(form, "SmsUrl") ?? number.SmsUrl;
            number.VoiceApplicationSid = Text(form, "VoiceApplicationSid") ?? number.VoiceApplicationSid;
            number.TrunkSid = Text(form, "TrunkSid") ?? number.TrunkSid;
            number.UpdatedAt = now;
        });
        return Json(number.ToJson());
    }

    private static IResult? Check(IFormCollection form)
    {
        foreach (var (name, code) in new[] { ("VoiceUrl", 21502), ("VoiceFallbackUrl", 21502), ("StatusCallback", 21502), ("SmsUrl", 21502) })
        {
            if (Text(form, name) is { Length: > 0 } url && !(Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
            {
                return TwilioErrors.BadRequest(code, $"{name} is not valid: {url}");
            }
        }

        foreach (var name in new[] { "VoiceMethod", "VoiceFallbackMethod", "StatusCallbackMethod" })
        {
            if (Text(form, name) is { } method && method is not ("GET" or "POST"))
            {
                return TwilioErrors.BadRequest(20001, $"Invalid {name}: {method}");
            }
        }

        return Text(form, "FriendlyName") is { Length: > LongestName } ? TwilioErrors.BadRequest(20001, $"FriendlyName must have at most {LongestName} characters") : null;
    }

    // A part of the number; * stands for one digit.
    private static bool Matches(string number, string wanted)
    {
        var pattern = string.Concat(wanted.Trim().Select(letter => letter == '*' ? "[0-9]" : Regex.Escape(letter.ToString())));
        return Regex.IsMatch(number, pattern, RegexOptions.None, TimeSpan.FromSeconds(1));
    }

    private static string PageUri(HttpContext http, int size, int page)
    {
        var kept = http.Request.Query.Where(part => part.Key is "PhoneNumber" or "FriendlyName").Select(part => $"{part.Key}={Uri.EscapeDataString(part.Value.ToString())}&");
        return string.Create(CultureInfo.InvariantCulture, $"{http.Request.Path}?{string.Concat(kept)}PageSize={size}&Page={page}");
    }

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string? Text(IFormCollection form, string name) => form.TryGetValue(name, out var values) ? values.ToString() : null;

    private static IResult Json(JsonNode body) => Results.Json(body, (JsonSerializerOptions?)null);
}
