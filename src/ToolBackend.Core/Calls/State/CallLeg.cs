namespace ToolBackend.Core.Calls.State;

/// <summary>One side's part of a call, under one id: what that side says of itself, whatever the call as a whole came to.</summary>
/// <param name="CallRef">The side's id of the call.</param>
/// <param name="Side">vapi or own.</param>
/// <param name="Status">As of <see cref="CallState.Status"/>.</param>
/// <param name="Ran">Whether it ever had the caller on the line.</param>
/// <param name="EndedReason">Null while it lives, and when no reason was told.</param>
/// <param name="EndedClass">Of <paramref name="EndedReason"/>; null while it lives.</param>
public sealed record CallLeg(
    string CallRef, string Side, string Status, bool Ran, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt, string? EndedReason, string? EndedClass, bool HasReport)
{
    public override string ToString() => $"{Side} {CallRef} {Status}";
}
