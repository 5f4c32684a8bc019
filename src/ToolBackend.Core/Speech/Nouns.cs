namespace ToolBackend.Core.Speech;

/// <summary>Names from the database inside an English sentence.</summary>
public static class Nouns
{
    /// <summary>"Check-up" as "check-up"; "MRI scan" and "X-ray" as they are.</summary>
    public static string Inside(string name) => name.Length > 1 && char.IsLower(name[1]) ? char.ToLowerInvariant(name[0]) + name[1..] : name;

    /// <summary>"a check-up", "an extraction", "an X-ray".</summary>
    public static string A(string name) => $"{(StartsWithVowelSound(name) ? "an" : "a")} {Inside(name)}";

    private static bool StartsWithVowelSound(string name)
    {
        string[] consonantSound = ["uni", "use", "eu", "one"];
        return name.Length > 0 && ("aeiou".Contains(char.ToLowerInvariant(name[0])) || name.StartsWith("x-", StringComparison.OrdinalIgnoreCase))
            && !Array.Exists(consonantSound, s => name.StartsWith(s, StringComparison.OrdinalIgnoreCase));
    }
}
