using Microsoft.AspNetCore.Http;
using ToolBackend.LocalStack.Simulators.Audio;

namespace ToolBackend.LocalStack.Simulators.Voices;

/// <summary>The audio of a text as a chunked body, at the voice's pace.</summary>
internal static class SpokenResponse
{
    public static async Task WriteAsync(HttpContext http, string text, VoiceTiming timing, TimeProvider time)
    {
        var buffer = new SpokenBuffer(timing, isFirst: true);
        buffer.Add(text, timing.Speech?.Invoke(text));
        http.Response.ContentType = "audio/basic";
        var wait = timing.FirstByte;
        while (!buffer.IsEmpty)
        {
            await Task.Delay(wait, time, http.RequestAborted);
            var audio = buffer.Take().Audio;
            await http.Response.Body.WriteAsync(audio, http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
            wait = MuLaw.Duration(audio.Length) / timing.Rate;
        }
    }
}
