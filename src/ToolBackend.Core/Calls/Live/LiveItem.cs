using ToolBackend.Core.Calls.Events;

namespace ToolBackend.Core.Calls.Live;

/// <summary>What a subscriber reads.</summary>
public abstract record LiveItem
{
    private LiveItem()
    {
    }

    /// <summary>A call changed. Every change comes once, in the order of <paramref name="Seq"/>.</summary>
    /// <param name="Payload">JSON of the call's <see cref="State.CallListItem"/> as it was then.</param>
    public sealed record Change(long Seq, string Payload) : LiveItem
    {
        public override string ToString() => $"change {Seq}";
    }

    /// <summary>Something too frequent to be stored. May be missing.</summary>
    public sealed record Told(LiveMoment Moment) : LiveItem
    {
        public override string ToString() => Moment.ToString();
    }

    /// <summary>Nothing, for so long that the client should hear that the stream lives.</summary>
    public sealed record Heartbeat : LiveItem;

    /// <summary>Changes after the cursor are not kept any more, or the cursor is of another database. The last item: start from a snapshot.</summary>
    public sealed record Expired : LiveItem;
}
