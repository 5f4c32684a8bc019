namespace ToolBackend.Vapi.Definitions.Checks;

/// <summary>Deepgram's two families take different settings, and Vapi drops what does not fit without a word.</summary>
internal static class TranscriberCheck
{
    private static readonly string[] s_fluxOnly = ["eotThreshold", "eotTimeoutMs"];
    private static readonly string[] s_notFlux = ["endpointing", "language", "keywords", "smartFormat", "confidenceThreshold"];

    public static void Run(CheckRun run)
    {
        foreach (var assistant in run.Definitions.Of(ResourceKind.Assistant))
        {
            var body = assistant.Body;
            var model = body.TextAt("transcriber.model");
            var flux = body.TextAt("transcriber.provider") == "deepgram" && model?.StartsWith("flux", StringComparison.Ordinal) is true;
            if (flux)
            {
                Flux(run, assistant, model!);
            }
            else
            {
                foreach (var name in s_fluxOnly.Where(name => body.At("transcriber." + name) is not null))
                {
                    run.Error(assistant, "transcriber." + name, Rules.FluxSettings, $"{name} is for Flux models only", "use transcriber.endpointing, or a flux model", atKey: true);
                }
                if (assistant.Fallback?["eagerEotThreshold"] is not null)
                {
                    run.Error(assistant, "fallback.eagerEotThreshold", Rules.FluxSettings, "eagerEotThreshold is for Flux models only", "remove it", atKey: true);
                }
            }

            if (body.At("transcriber.keyterm") is not null && model?.StartsWith("nova-2", StringComparison.Ordinal) is true)
            {
                run.Warning(assistant, "transcriber.keyterm", Rules.FluxSettings, "nova-2 does not know keyterm", "use keywords, or nova-3", atKey: true);
            }
            if (body.At("transcriber.keywords") is not null && model?.StartsWith("nova-3", StringComparison.Ordinal) is true)
            {
                run.Warning(assistant, "transcriber.keywords", Rules.FluxSettings, "nova-3 does not know keywords", "use keyterm", atKey: true);
            }
        }
    }

    private static void Flux(CheckRun run, ResourceDefinition assistant, string model)
    {
        var body = assistant.Body;
        if (body.At("startSpeakingPlan.smartEndpointingPlan") is not null)
        {
            run.Error(assistant, "startSpeakingPlan.smartEndpointingPlan", Rules.FluxSmartPlan, "a smartEndpointingPlan silently cancels Flux's own end of turn, and with it eotThreshold and eotTimeoutMs", "remove it, or use a nova model", atKey: true);
        }
        if (body.At("startSpeakingPlan.smartEndpointingEnabled") is { } enabled && body.FlagAt("startSpeakingPlan.smartEndpointingEnabled") is not false)
        {
            run.Error(assistant, "startSpeakingPlan.smartEndpointingEnabled", Rules.FluxSmartPlan, "smartEndpointingEnabled silently cancels Flux's own end of turn", "remove it, or use a nova model", atKey: true);
        }

        foreach (var name in s_notFlux.Where(name => body.At("transcriber." + name) is not null))
        {
            run.Warning(assistant, "transcriber." + name, Rules.FluxSettings, $"Flux does not know {name}", name == "keywords" ? "use keyterm" : "remove it", atKey: true);
        }
        if (body.At("transcriber.languages") is not null && model != "flux-general-multi")
        {
            run.Warning(assistant, "transcriber.languages", Rules.FluxSettings, "languages is for flux-general-multi only", "remove it", atKey: true);
        }
        if (assistant.Fallback.NumberAt("eagerEotThreshold") is { } eager && eager > (body.NumberAt("transcriber.eotThreshold") ?? 0.7))
        {
            run.Error(assistant, "fallback.eagerEotThreshold", Rules.FluxSettings, "eagerEotThreshold is above eotThreshold: there would be nothing to be early for", "write less than transcriber.eotThreshold (default 0.7)");
        }
    }
}
