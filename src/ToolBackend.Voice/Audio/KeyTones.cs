using System.Text.Json.Nodes;

namespace ToolBackend.Voice.Audio;

/// <summary>The tones of telephone keys (ITU-T Q.23: one low and one high frequency each), as mu-law. A media stream takes audio only, so that is how keys are pressed.</summary>
internal static class KeyTones
{
    private const string Keys = "123A456B789C*0#D";

    /// <summary>As Twilio's <c>SendDigits</c>.</summary>
    private const int MostKeys = 32;

    /// <summary>Peak of each of the two: together about as loud as speech.</summary>
    private const double Amplitude = 7000;

    private static readonly int[] s_low = [697, 770, 852, 941];
    private static readonly int[] s_high = [1209, 1336, 1477, 1633];

    /// <summary>Q.24 asks for 40 ms of each at least; menus on bad lines like more.</summary>
    private static readonly TimeSpan s_tone = TimeSpan.FromMilliseconds(120), s_pause = TimeSpan.FromMilliseconds(80);

    /// <summary>What a model is told of the tool's arguments when the definition has none.</summary>
    public static JsonObject Parameters => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject { ["dtmf"] = new JsonObject { ["type"] = "string", ["description"] = "Keys in order, such as 1 or 4711#." } },
        ["required"] = new JsonArray("dtmf"),
    };

    /// <param name="keys">0 to 9, *, #, A to D; w half a second, W a second; white space and dashes are passed over. Up to 32.</param>
    /// <returns>Null when there is none, too many, or another letter.</returns>
    public static byte[]? Of(string keys)
    {
        var wanted = keys.Where(c => !char.IsWhiteSpace(c) && c is not '-').ToList();
        if (wanted.Count is 0 or > MostKeys || !wanted.TrueForAll(c => c is 'w' or 'W' || Keys.Contains(c, StringComparison.Ordinal)))
        {
            return null;
        }

        return [.. wanted.SelectMany(c => c switch
        {
            'w' => Silence(TimeSpan.FromMilliseconds(500)),
            'W' => Silence(TimeSpan.FromSeconds(1)),
            _ => Tone(Keys.IndexOf(c, StringComparison.Ordinal)).Concat(Silence(s_pause)),
        })];
    }

    private static IEnumerable<byte> Tone(int key)
    {
        var (low, high) = (s_low[key / 4], s_high[key % 4]);
        for (var i = 0; i < MuLaw.Bytes(s_tone); i++)
        {
            var turn = 2 * Math.PI * i / MuLaw.BytesPerSecond;
            yield return MuLaw.Encode((short)(Amplitude * (Math.Sin(low * turn) + Math.Sin(high * turn))));
        }
    }

    private static IEnumerable<byte> Silence(TimeSpan length) => Enumerable.Repeat(MuLaw.Silence, MuLaw.Bytes(length));
}
