using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ToolBackend.Voice.Synthesis.Kept;

/// <summary>What a sentence is kept under: a hash of everything that makes its sound, so that nothing of the text can be read from it.</summary>
internal static class SpeechKey
{
    /// <summary>Where it is made counts too: a simulator's voice is not the vendor's.</summary>
    public static string Of(VoiceLink link, string text)
    {
        var voice = link.Voice;
        var all = string.Create(
            CultureInfo.InvariantCulture,
            $"{link.Provider.Address}\u001f{voice.Provider}\u001f{voice.VoiceId}\u001f{voice.Model}\u001f{voice.Language}\u001f{voice.Stability}\u001f{voice.SimilarityBoost}\u001f{voice.Style}\u001f{voice.Speed}\u001f{voice.UseSpeakerBoost}\u001f{text.AsSpan().Trim()}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all)));
    }
}
