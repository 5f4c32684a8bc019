using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace ToolBackend.LocalStack.Simulators.Language.Wire;

/// <summary>The headers about limits that each vendor puts on every answer. Groq's resets are Go durations, its request limit is per day; Together's reset is in seconds.</summary>
internal static class RateHeaders
{
    public static void Write(IHeaderDictionary headers, SimulatedVendor vendor, long number)
    {
        switch (vendor)
        {
            case SimulatedVendor.Groq:
                headers["x-request-id"] = $"req_01k{number:x12}";
                headers["x-groq-region"] = "sim";
                headers["x-ratelimit-limit-requests"] = "500000";
                headers["x-ratelimit-limit-tokens"] = "250000";
                headers["x-ratelimit-remaining-requests"] = Math.Max(0, 500_000 - number).ToString(CultureInfo.InvariantCulture);
                headers["x-ratelimit-remaining-tokens"] = "242340";
                headers["x-ratelimit-reset-requests"] = "2m59.56s";
                headers["x-ratelimit-reset-tokens"] = "1.838s";
                break;
            case SimulatedVendor.Together:
                headers["x-ratelimit-limit"] = "60";
                headers["x-ratelimit-remaining"] = "59";
                headers["x-ratelimit-reset"] = "1";
                break;
            default:
                headers["x-ratelimit-limit-tokens-prompt"] = "3600000";
                headers["x-ratelimit-remaining-tokens-prompt"] = "3590000";
                headers["x-ratelimit-limit-tokens-generated"] = "36000";
                headers["x-ratelimit-remaining-tokens-generated"] = "35000";
                headers["x-ratelimit-over-limit"] = "no";
                break;
        }
    }
}
