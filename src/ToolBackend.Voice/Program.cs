using ToolBackend.Voice.Hosting;

await using var app = VoiceHost.Build(args);
await app.RunAsync();
