using System.ComponentModel.DataAnnotations;

namespace ToolBackend.Voice.Recording;

/// <summary>Section <c>Voice:Recording</c>.</summary>
public sealed class RecordingOptions
{
    /// <summary>Where calls are recorded, one file each: <c>yyyy-MM-dd/CALLSID.wav</c>, for the host's user only. Default none: nothing is recorded, and nobody is asked.</summary>
    public string? Folder { get; set; }

    /// <summary>Address under which the folder is published, without a slash at the end; it makes the link in the call's report. Default none: no link.</summary>
    [Url]
    public string? Url { get; set; }

    /// <summary>Days that a recording is kept. Default 90, limit 1 to 3650.</summary>
    [Range(1, 3650)]
    public int KeepDays { get; set; } = 90;
}
