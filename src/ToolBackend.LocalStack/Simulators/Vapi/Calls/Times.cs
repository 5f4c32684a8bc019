using System.Globalization;

namespace ToolBackend.LocalStack.Simulators.Vapi.Calls;

internal static class Times
{
    /// <summary>As Vapi writes times: UTC with milliseconds.</summary>
    public static string Iso(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
