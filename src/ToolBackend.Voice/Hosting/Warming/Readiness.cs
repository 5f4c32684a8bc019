namespace ToolBackend.Voice.Hosting.Warming;

/// <summary>Whether the warm-up is over. What else keeps calls away is with the <see cref="Sessions.CallRegistry"/>.</summary>
internal sealed class Readiness
{
    private volatile bool _isWarm;

    public bool IsWarm
    {
        get => _isWarm;
        set => _isWarm = value;
    }
}
