using System.Security.Cryptography;

namespace ToolBackend.Core.Data;

/// <summary>Safe to share between threads, and not to be predicted: a booking's reference is one of the two facts that open it.</summary>
public sealed class UnguessableRandom : Random
{
    public override int Next() => RandomNumberGenerator.GetInt32(int.MaxValue);

    public override int Next(int maxValue) => maxValue == 0 ? 0 : RandomNumberGenerator.GetInt32(maxValue);

    public override int Next(int minValue, int maxValue) => minValue == maxValue ? minValue : RandomNumberGenerator.GetInt32(minValue, maxValue);
}
