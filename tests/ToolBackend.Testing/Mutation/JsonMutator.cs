using System.Text;
using System.Text.Json;

namespace ToolBackend.Testing.Mutation;

/// <summary>
/// Breaks JSON in the ways that senders, proxies and attackers do: at byte level (flip, delete, insert, truncate, splice) and at structure level
/// (delete, duplicate, retype, swap, nest). The same seed gives the same bodies. Print <see cref="Seed"/> with every failure.
/// </summary>
public sealed class JsonMutator(int seed)
{
    private static readonly string[] OddValues =
    [
        "null", "true", "0", "-1", "1e999", "9007199254740993", "0.1e-400", "\"\"", "\"\\u0000\"", "\"\\ud800\"", "\"\\u202e\u05d0\ud83d\ude80\"",
        "\"0001-01-01\"", "\"9999-12-31T23:59:59.9999999Z\"", "[]", "{}", "[[[[[[]]]]]]", "{\"type\":\"x\",\"type\":\"y\"}", "\"{\"", "\"[]\"", "\"null\"",
    ];

    private readonly Random random = new(seed);

    public int Seed { get; } = seed;

    /// <summary>One to four mutations of <paramref name="json"/>, which must be valid JSON.</summary>
    public byte[] Mutate(ReadOnlySpan<byte> json)
    {
        var bytes = json.ToArray();
        if (random.Next(2) == 0)
        {
            using var document = JsonDocument.Parse(bytes);
            var root = Node.From(document.RootElement);
            for (var i = random.Next(4); i >= 0; i--)
            {
                MutateStructure(root);
            }

            var text = new StringBuilder();
            root.Write(text);
            bytes = Encoding.UTF8.GetBytes(text.ToString());
            if (random.Next(4) != 0)
            {
                return bytes;
            }
        }

        for (var i = random.Next(4); i >= 0; i--)
        {
            bytes = MutateBytes(bytes);
        }

        return bytes;
    }

    private void MutateStructure(Node root)
    {
        var holders = new List<Node>();
        root.CollectHolders(holders);
        if (holders.Count == 0)
        {
            return;
        }

        var holder = holders[random.Next(holders.Count)];
        var children = holder.Children;
        var at = random.Next(children.Count);
        var (name, child) = children[at];
        switch (random.Next(7))
        {
            case 0: children.RemoveAt(at); break;
            case 1: children.Insert(random.Next(children.Count + 1), (name, child)); break;
            case 2: children[at] = (name, Node.Scalar(OddValues[random.Next(OddValues.Length)])); break;
            case 3:
                var other = random.Next(children.Count);
                children[at] = (name, children[other].Value);
                children[other] = (children[other].Name, child);
                break;
            case 4:
                var donor = holders[random.Next(holders.Count)];
                children[at] = (donor.Children[random.Next(donor.Children.Count)].Name ?? name, child);
                break;
            case 5: children[at] = (name, Node.Array([(null, child)])); break;
            default: children[at] = (name, Node.Scalar(JsonSerializer.Serialize(child.ToString()))); break;
        }
    }

    private byte[] MutateBytes(byte[] bytes)
    {
        if (bytes.Length == 0)
        {
            return [(byte)random.Next(256)];
        }

        var at = random.Next(bytes.Length);
        switch (random.Next(6))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 1: return [.. bytes.AsSpan(0, at), .. bytes.AsSpan(Math.Min(bytes.Length, at + 1 + random.Next(8)))];
            case 2: return [.. bytes.AsSpan(0, at), (byte)random.Next(256), .. bytes.AsSpan(at)];
            case 3: return bytes[..at];
            case 4: return [.. bytes.AsSpan(0, at), "{}[]\":,\\"u8[random.Next(8)], .. bytes.AsSpan(at)];
            default:
                var from = random.Next(bytes.Length);
                return [.. bytes.AsSpan(0, at), .. bytes.AsSpan(from, Math.Min(64, bytes.Length - from)), .. bytes.AsSpan(at)];
        }
    }

    /// <summary>A JSON tree that can hold what no JSON library will write: duplicates and raw values.</summary>
    private sealed class Node
    {
        private string raw = string.Empty;
        private char open;

        public List<(string? Name, Node Value)> Children { get; private init; } = [];

        public static Node Scalar(string raw) => new() { raw = raw };

        public static Node Array(List<(string? Name, Node Value)> items) => new() { open = '[', Children = items };

        public static Node From(JsonElement element) => element.ValueKind switch
        {
            JsonValueKind.Object => new Node { open = '{', Children = [.. element.EnumerateObject().Select(member => ((string?)member.Name, From(member.Value)))] },
            JsonValueKind.Array => Array([.. element.EnumerateArray().Select(item => ((string?)null, From(item)))]),
            _ => Scalar(element.GetRawText()),
        };

        // Shared subtrees (after a duplication) and the cap keep repeated duplication from growing without end.
        public void CollectHolders(List<Node> holders)
        {
            if (Children.Count > 0 && holders.Count < 2000)
            {
                holders.Add(this);
                Children.ForEach(child => child.Value.CollectHolders(holders));
            }
        }

        public void Write(StringBuilder text)
        {
            if (open == '\0')
            {
                text.Append(raw);
                return;
            }

            text.Append(open);
            for (var i = 0; i < Children.Count; i++)
            {
                text.Append(i == 0 ? string.Empty : ",");
                if (open == '{')
                {
                    text.Append(JsonSerializer.Serialize(Children[i].Name ?? "item")).Append(':');
                }

                Children[i].Value.Write(text);
            }

            text.Append(open == '{' ? '}' : ']');
        }

        public override string ToString()
        {
            var text = new StringBuilder();
            Write(text);
            return text.ToString();
        }
    }
}
