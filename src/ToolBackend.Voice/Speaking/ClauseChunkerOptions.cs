using System.ComponentModel.DataAnnotations;

namespace ToolBackend.Voice.Speaking;

/// <summary>How early text is given to the voice. Bound from <c>ClauseChunker</c>.</summary>
public sealed class ClauseChunkerOptions
{
    /// <summary>The first chunk needs no comma after so many words. Default 4; 2 to 20. Fewer words are heard earlier and sound less connected.</summary>
    [Range(2, 20)]
    public int FirstWords { get; set; } = 4;

    /// <summary>Fewest characters of a first chunk that is no sentence. Default 15; 1 to 100.</summary>
    [Range(1, 100)]
    public int FirstCharacters { get; set; } = 15;

    /// <summary>The model pauses for this long: what is there is spoken, up to a place where it may be cut. Default 120 ms; 20 ms to 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.02", "00:00:02")]
    public TimeSpan Pause { get; set; } = TimeSpan.FromMilliseconds(120);

    /// <summary>A longer sentence is cut at a clause. Characters, default 200; 60 to 1000.</summary>
    [Range(60, 1000)]
    public int LongestSentence { get; set; } = 200;
}
