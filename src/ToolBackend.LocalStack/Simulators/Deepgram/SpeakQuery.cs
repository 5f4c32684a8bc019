using ToolBackend.LocalStack.Simulators.Http;

namespace ToolBackend.LocalStack.Simulators.Deepgram;

/// <summary>What a client asks of <c>/v1/speak</c>.</summary>
internal sealed record SpeakQuery(string Model)
{
    public bool IsKnownModel => Model.StartsWith("aura-", StringComparison.Ordinal);

    /// <summary>Reads the query; what is wrong is told by <see cref="QueryReader.Error"/>.</summary>
    public static SpeakQuery Read(QueryReader query)
    {
        var model = query.Text("model") ?? "aura-asteria-en";
        PhoneAudio.Check(query);
        query.Number("speed", 0.5, 1.5);
        query.Choice("container", "none");
        query.Flag("mip_opt_out");
        query.Texts("tag");
        foreach (var other in query.Others)
        {
            query.Fail($"unknown parameter {other}.");
        }

        return new SpeakQuery(model);
    }
}
