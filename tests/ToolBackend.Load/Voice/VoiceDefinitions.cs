namespace ToolBackend.Load.Voice;

/// <summary>The assistants of the bench, as files in a folder of their own: the fields decide, as everywhere.</summary>
internal static class VoiceDefinitions
{
    public const string Nova = "bench-nova", Flux = "bench-flux", FluxWithTool = "bench-flux-tool", FluxPlain = "bench-flux-plain";

    /// <summary>One of the catalog's that only reads.</summary>
    public const string Tool = "track_shipment";

    public static string Write()
    {
        var folder = Repository.Local("bench-voice", "vapi");
        Directory.CreateDirectory(Path.Combine(folder, "assistants"));
        Directory.CreateDirectory(Path.Combine(folder, "environments"));
        File.WriteAllText(Path.Combine(folder, "environments", "bench.yaml"), "allowLoopback: true\nvariables: {}\n");
        File.WriteAllText(Path.Combine(folder, "assistants", Nova + ".md"), Assistant(Nova, """
            transcriber:
              provider: deepgram
              model: nova-3
              endpointing: 250
            startSpeakingPlan:
              waitSeconds: 0
              transcriptionEndpointingPlan:
                onPunctuationSeconds: 0
                onNoPunctuationSeconds: 0
                onNumberSeconds: 0
            """, "speculation: false"));
        const string flux = """
            transcriber:
              provider: deepgram
              model: flux-general-en
              eotThreshold: 0.7
            startSpeakingPlan:
              waitSeconds: 0
            """;
        File.WriteAllText(Path.Combine(folder, "assistants", Flux + ".md"), Assistant(Flux, flux, "eagerEotThreshold: 0.4"));
        File.WriteAllText(Path.Combine(folder, "assistants", FluxPlain + ".md"), Assistant(FluxPlain, flux, "speculation: false"));
        Directory.CreateDirectory(Path.Combine(folder, "tools"));
        File.Copy(Path.Combine(Repository.Root, "vapi", "tools", Tool + ".yaml"), Path.Combine(folder, "tools", Tool + ".yaml"), overwrite: true);
        File.WriteAllText(Path.Combine(folder, "assistants", FluxWithTool + ".md"), Assistant(FluxWithTool, flux, "eagerEotThreshold: 0.4", $"  toolIds: [{Tool}]"));
        return folder;
    }

    private static string Assistant(string name, string listening, string fallback, string tools = "") => $"""
        ---
        name: {name}
        firstMessage: Hello, how can I help you today?
        {listening}
        model:
          provider: groq
          model: openai/gpt-oss-20b
          maxTokens: 300
        {tools}
        stopSpeakingPlan:
          numWords: 1
          backoffSeconds: 0
        voice:
          provider: 11labs
          voiceId: EXAVITQu4vr4xnSDxMaL
          model: eleven_flash_v2_5
        fallback:
          {fallback}
        ---
        You answer the phone.
        """;
}
