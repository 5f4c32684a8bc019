namespace ToolBackend.Load.Voice;

/// <summary>The assistants of the bench, as files in a folder of their own: the fields decide, as everywhere.</summary>
internal static class VoiceDefinitions
{
    public const string Nova = "bench-nova", Flux = "bench-flux";

    /// <summary>31 words in three sentences, the first of nine.</summary>
    public const string Reply =
        "Your parcel left the depot in Tacoma early today. It should reach you on Thursday between two and four in the afternoon. We will send you a message then.";

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
        File.WriteAllText(Path.Combine(folder, "assistants", Flux + ".md"), Assistant(Flux, """
            transcriber:
              provider: deepgram
              model: flux-general-en
              eotThreshold: 0.7
            startSpeakingPlan:
              waitSeconds: 0
            """, "eagerEotThreshold: 0.4"));
        return folder;
    }

    private static string Assistant(string name, string listening, string fallback) => $"""
        ---
        name: {name}
        firstMessage: Hello, how can I help you today?
        {listening}
        model:
          provider: groq
          model: openai/gpt-oss-20b
          maxTokens: 300
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
