namespace ToolBackend.LocalStack.Simulators.Language;

/// <summary>Whose bytes are spoken. Told by the path of a request.</summary>
public enum SimulatedVendor
{
    /// <summary><c>/openai/v1</c>.</summary>
    Groq,

    /// <summary><c>/v1</c>.</summary>
    Together,

    /// <summary><c>/inference/v1</c>.</summary>
    Fireworks,
}

internal static class SimulatedVendorPaths
{
    public static string Prefix(this SimulatedVendor vendor) => vendor switch
    {
        SimulatedVendor.Groq => "/openai/v1",
        SimulatedVendor.Together => "/v1",
        _ => "/inference/v1",
    };

    public static SimulatedVendor Of(string path) =>
        path.StartsWith("/openai/", StringComparison.Ordinal) ? SimulatedVendor.Groq
        : path.StartsWith("/inference/", StringComparison.Ordinal) ? SimulatedVendor.Fireworks
        : SimulatedVendor.Together;
}
