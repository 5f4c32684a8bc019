using System.Buffers.Binary;
using System.Globalization;
using ToolBackend.Voice.Audio;
using ToolBackend.Voice.Twilio;

namespace ToolBackend.Voice.FrontDoor;

/// <summary><c>GET /twilio/cover</c>: some hundred milliseconds of soft typing as a file that Twilio plays, while the news of a call's end may still be on its way. Open to everybody: there is nothing in it.</summary>
internal static class CoverSound
{
    public const string Path = "/twilio/cover";

    /// <summary>As much as there is of the sound.</summary>
    private const int MostMilliseconds = 2000;

    private const int Header = 44;

    /// <summary>Plays it, then asks again.</summary>
    public static string Document(TwilioGate gate, TimeSpan length, string next) => TwiML.PlayAndGoOn(gate.HttpUrl($"{Path}?ms={Math.Clamp((int)length.TotalMilliseconds, 1, MostMilliseconds)}"), gate.HttpUrl(next));

    public static async Task HandleAsync(HttpContext context)
    {
        if (!int.TryParse(context.Request.Query["ms"], NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) || milliseconds is < 1 or > MostMilliseconds)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        context.Response.ContentType = "audio/wav";
        context.Response.Headers.CacheControl = "public, max-age=86400";
        await context.Response.Body.WriteAsync(Wav(ThinkingSound.Piece(0, MuLaw.Bytes(TimeSpan.FromMilliseconds(milliseconds))).Span), context.RequestAborted);
    }

    /// <summary>RIFF with format 7, mu-law: nothing is transcoded, here or at Twilio.</summary>
    private static byte[] Wav(ReadOnlySpan<byte> audio)
    {
        var file = new byte[Header + audio.Length];
        var head = file.AsSpan();
        "RIFF"u8.CopyTo(head);
        BinaryPrimitives.WriteInt32LittleEndian(head[4..], file.Length - 8);
        "WAVEfmt "u8.CopyTo(head[8..]);
        BinaryPrimitives.WriteInt32LittleEndian(head[16..], 16);
        BinaryPrimitives.WriteInt16LittleEndian(head[20..], 7);
        BinaryPrimitives.WriteInt16LittleEndian(head[22..], 1); // channel
        BinaryPrimitives.WriteInt32LittleEndian(head[24..], 8000); // samples a second
        BinaryPrimitives.WriteInt32LittleEndian(head[28..], 8000); // bytes a second
        BinaryPrimitives.WriteInt16LittleEndian(head[32..], 1); // bytes a sample
        BinaryPrimitives.WriteInt16LittleEndian(head[34..], 8); // bits a sample
        "data"u8.CopyTo(head[36..]);
        BinaryPrimitives.WriteInt32LittleEndian(head[40..], audio.Length);
        audio.CopyTo(head[Header..]);
        return file;
    }
}
