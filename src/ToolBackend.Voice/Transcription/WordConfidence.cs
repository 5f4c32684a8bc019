using System.Text.Json;
using ToolBackend.Voice.Providers.Sockets;

namespace ToolBackend.Voice.Transcription;

/// <summary>Mean confidence of a list of words, as Deepgram and AssemblyAI write it.</summary>
internal static class WordConfidence
{
    /// <summary>Moves over the value at the property; 1 when no word has a confidence.</summary>
    public static double Read(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType is not JsonTokenType.StartArray)
        {
            reader.Skip();
            return 1;
        }

        var (sum, count) = (0.0, 0);
        while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
        {
            if (reader.TokenType is not JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }

            while (JsonField.Next(ref reader))
            {
                if (!reader.ValueTextEquals("confidence"u8))
                {
                    JsonField.Value(ref reader);
                }
                else if (JsonField.Number(ref reader) is { } confidence)
                {
                    sum += confidence;
                    count++;
                }
            }
        }

        return count == 0 ? 1 : Math.Clamp(sum / count, 0, 1);
    }
}
