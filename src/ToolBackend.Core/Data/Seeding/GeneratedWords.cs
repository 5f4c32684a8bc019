namespace ToolBackend.Core.Data.Seeding;

/// <summary>What generated rows are called. Nobody and nothing real.</summary>
internal static class GeneratedWords
{
    public static readonly string[] FirstNames =
    [
        "Ada", "Bruno", "Carla", "Dmitri", "Elena", "Felix", "Gina", "Hugo", "Ines", "Jonas", "Kira", "Leon", "Mara", "Nils", "Olga", "Pablo",
        "Quinn", "Rosa", "Sami", "Tara", "Ugo", "Vera", "Wanda", "Xavier", "Yara", "Zeno", "Amir", "Bella", "Cyrus", "Dora", "Emil", "Freya",
    ];

    public static readonly string[] LastNames =
    [
        "Abbott", "Barnes", "Castillo", "Dalton", "Eriksen", "Fuentes", "Gallagher", "Hughes", "Ivanov", "Jensen", "Kowalski", "Larsen", "Mendoza",
        "Novak", "Okafor", "Petrov", "Quigley", "Romero", "Sorensen", "Takeda", "Ueda", "Vargas", "Whitman", "Xu", "Yilmaz", "Zimmer",
        "Archer", "Bishop", "Carver", "Draper", "Ellison", "Fletcher",
    ];

    public static readonly string[] Senders =
    [
        "Northwind Books", "Cascade Outfitters", "Lakeside Coffee", "Puget Audio", "Rainier Garden", "Summit Optics", "Juniper Home", "Blue Heron Toys",
    ];

    public static readonly string[] SafePlaces = ["front porch", "garage", "back door", "garden shed", "with the concierge"];

    public static readonly (string City, string TimeZone)[] Cities =
    [
        ("Seattle", "America/Los_Angeles"), ("Portland", "America/Los_Angeles"), ("Sacramento", "America/Los_Angeles"),
        ("Denver", "America/Denver"), ("Phoenix", "America/Phoenix"), ("Austin", "America/Chicago"), ("Chicago", "America/Chicago"),
        ("Atlanta", "America/New_York"), ("Boston", "America/New_York"), ("Philadelphia", "America/New_York"),
    ];

    public static string Person(Random random) => $"{Pick(random, FirstNames)} {Pick(random, LastNames)}";

    public static T Pick<T>(Random random, T[] from) => from[random.Next(from.Length)];
}
