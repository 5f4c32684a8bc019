using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ToolBackend.Vapi.Definitions.Files;

/// <summary>
/// YAML to JSON, with the place of everything. Stricter than YAML where YAML surprises: only <c>true</c>, <c>false</c>, <c>null</c>, <c>~</c> and what JSON calls
/// a number are not text (so <c>no</c> and <c>+12065550100</c> are), no name may come twice, and there are no anchors, aliases, tags or second documents.
/// </summary>
internal sealed partial class YamlReader
{
    private const int Deepest = 40;
    private const int MostNodes = 20_000;

    private readonly SourceText _source;
    private readonly int _linesBefore;
    private readonly Places _places;
    private readonly Parser _parser;
    private int _nodes;

    private YamlReader(SourceText source, string yaml, int linesBefore, Places places)
    {
        (_source, _linesBefore, _places) = (source, linesBefore, places);
        _parser = new Parser(new Scanner(new StringReader(yaml)));
    }

    /// <summary>Null when there is none or it cannot be read; then the findings say why.</summary>
    /// <param name="yaml">The part of the source that is YAML.</param>
    /// <param name="linesBefore">Lines of the source before it.</param>
    public static JsonObject? Read(SourceText source, string yaml, int linesBefore, Places places, Findings findings)
    {
        var reader = new YamlReader(source, yaml, linesBefore, places);
        try
        {
            return reader.Document();
        }
        catch (RefusedException refused)
        {
            findings.Error(refused.At, Rules.Yaml, refused.Message, refused.Fix);
        }
        catch (YamlException malformed)
        {
            findings.Error(reader.Place(malformed.Start), Rules.Yaml, Sentence(malformed), "mend the YAML: check indentation, quotes and colons");
        }
        catch (Exception odd) when (odd is ArgumentException or FormatException or OverflowException or InvalidOperationException or IndexOutOfRangeException)
        {
            // The YAML library throws these at some malformed escapes and directives; where it stands is all that is known.
            findings.Error(reader.Place(reader._parser.Current?.End ?? Mark.Empty), Rules.Yaml, "this is not YAML", "mend the YAML: check escapes, quotes and directives");
        }
        return null;
    }

    private JsonObject Document()
    {
        Expect<StreamStart>();
        if (_parser.Current is null or StreamEnd)
        {
            throw new RefusedException(_source.Start with { Line = _linesBefore + 1 }, "the file is empty", "write the resource's fields, one per line");
        }

        Expect<DocumentStart>();
        if (_parser.Current is not MappingStart)
        {
            throw new RefusedException(Place(_parser.Current!.Start), "the file does not hold a mapping of fields", "write the resource's fields, one per line: name: value");
        }

        var root = Mapping("", 0);
        Expect<DocumentEnd>();
        if (_parser.Current is not StreamEnd)
        {
            throw new RefusedException(Place(_parser.Current!.Start), "a second document begins here", "one resource per file");
        }
        return root;
    }

    private JsonObject Mapping(string path, int depth)
    {
        Expect<MappingStart>();
        var members = new JsonObject();
        while (_parser.Current is not MappingEnd)
        {
            var key = Name();
            var memberPath = JsonPaths.Member(path, key.Value);
            if (members.ContainsKey(key.Value))
            {
                throw new RefusedException(Place(key.Start), $"{Printable(key.Value)} comes twice", "keep one of them");
            }
            var keyPlace = Place(key.Start);
            _places.Keys[memberPath] = keyPlace;
            members.Add(key.Value, Node(memberPath, depth + 1, keyPlace));
        }
        Expect<MappingEnd>();
        return members;
    }

    private JsonArray Sequence(string path, int depth)
    {
        Expect<SequenceStart>();
        var items = new JsonArray();
        while (_parser.Current is not SequenceEnd)
        {
            items.Add(Node(JsonPaths.Item(path, items.Count), depth + 1, keyPlace: null));
        }
        Expect<SequenceEnd>();
        return items;
    }

    private JsonNode? Node(string path, int depth, SourceLocation? keyPlace)
    {
        var here = _parser.Current!;
        if (depth > Deepest)
        {
            throw new RefusedException(Place(here.Start), $"more than {Deepest} levels deep", "no resource is that deep: check the indentation");
        }
        if (++_nodes > MostNodes)
        {
            throw new RefusedException(Place(here.Start), $"more than {MostNodes} values in one file", "split the file");
        }
        RefuseAnchors(here);
        switch (here)
        {
            case MappingStart:
                _places.Values[path] = keyPlace ?? Place(here.Start);
                return Mapping(path, depth);
            case SequenceStart:
                _places.Values[path] = keyPlace ?? Place(here.Start);
                return Sequence(path, depth);
            case Scalar scalar:
                // A value left out has no place of its own.
                _places.Values[path] = scalar is { Style: ScalarStyle.Plain, Value: "" } ? keyPlace ?? Place(scalar.Start) : Place(scalar.Start);
                var value = Value(scalar);
                if (value is JsonValue && scalar.Value.Length > 0)
                {
                    NoteOrigin(path, scalar);
                }
                Expect<Scalar>();
                return value;
            default:
                throw new RefusedException(Place(here.Start), "this is no value", "write text, a number, a list or fields");
        }
    }

    private Scalar Name()
    {
        var here = _parser.Current!;
        RefuseAnchors(here);
        if (here is not Scalar key)
        {
            throw new RefusedException(Place(here.Start), "a field's name must be text", "write name: value");
        }
        RefuseUnpaired(key);
        Expect<Scalar>();
        return key;
    }

    private JsonValue? Value(Scalar scalar)
    {
        RefuseUnpaired(scalar);
        if (scalar.Style is not ScalarStyle.Plain)
        {
            return JsonValue.Create(scalar.Value);
        }
        switch (scalar.Value)
        {
            case "" or "~" or "null": return null;
            case "true": return JsonValue.Create(true);
            case "false": return JsonValue.Create(false);
        }
        if (!JsonNumber().IsMatch(scalar.Value))
        {
            return JsonValue.Create(scalar.Value);
        }
        if (!double.IsFinite(double.Parse(scalar.Value, NumberStyles.Float, CultureInfo.InvariantCulture)))
        {
            throw new RefusedException(Place(scalar.Start), "this number is too large", "put it in quotes if it is text");
        }
        // Parsed rather than created, so that it can be asked for as any type of number.
        return JsonNode.Parse(scalar.Value)!.AsValue();
    }

    private void NoteOrigin(string path, Scalar scalar)
    {
        var at = Place(scalar.Start);
        if (scalar.Style is ScalarStyle.Literal)
        {
            // The text begins on the next line, indented by its first line that is not empty.
            var lines = _source.Lines;
            var first = lines.Skip(at.Line).FirstOrDefault(line => line.Trim().Length > 0);
            var indent = first is null ? 0 : first.Length - first.TrimStart(' ').Length;
            _places.Texts[path] = new TextOrigin(at with { Line = at.Line + 1, Column = indent + 1 }, indent);
        }
        else if (scalar.Start.Line == scalar.End.Line && scalar.End.Column - scalar.Start.Column is var length)
        {
            var quotes = scalar.Style is ScalarStyle.Plain ? 0 : 1;
            if (length == scalar.Value.Length + (2 * quotes))
            {
                _places.Texts[path] = new TextOrigin(at with { Column = at.Column + quotes }, 0);
            }
        }
    }

    private void RefuseAnchors(ParsingEvent here)
    {
        if (here is AnchorAlias || here is NodeEvent { Anchor.IsEmpty: false })
        {
            throw new RefusedException(Place(here.Start), "anchors and aliases are not used here", "write the value out, or make it a ${variable} of the environment");
        }
        if (here is NodeEvent { Tag.IsEmpty: false })
        {
            throw new RefusedException(Place(here.Start), "tags are not used here", "put text in quotes");
        }
    }

    private void RefuseUnpaired(Scalar scalar)
    {
        for (var i = 0; i < scalar.Value.Length; i++)
        {
            if (char.IsHighSurrogate(scalar.Value[i]) && i + 1 < scalar.Value.Length && char.IsLowSurrogate(scalar.Value[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(scalar.Value[i]))
            {
                throw new RefusedException(Place(scalar.Start), "this text holds a character that does not exist", "remove the escape");
            }
        }
    }

    private void Expect<T>() where T : ParsingEvent
    {
        if (_parser.Current is null && !_parser.MoveNext())
        {
            throw new RefusedException(_source.Start, "the file ends too early", "mend the YAML");
        }
        if (_parser.Current is not T)
        {
            throw new RefusedException(Place(_parser.Current!.Start), "this is not expected here", "mend the YAML: check the indentation");
        }
        _parser.MoveNext();
    }

    private SourceLocation Place(Mark mark) => new(_source.File, (int)Math.Max(1, mark.Line) + _linesBefore, (int)Math.Max(1, mark.Column));

    // The library's text without its "(Line: ..., Idx: ...)" and without whatever value it quotes.
    private static string Sentence(YamlException malformed)
    {
        var text = malformed.Message;
        return text.Length is > 0 and < 160 && !text.Contains('\n', StringComparison.Ordinal) ? "this is not YAML: " + char.ToLowerInvariant(text[0]) + text[1..].TrimEnd('.') : "this is not YAML";
    }

    private static string Printable(string name) => name.Length <= 64 ? name : name[..64] + "...";

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex JsonNumber();

    private sealed class RefusedException(SourceLocation at, string message, string fix) : Exception(message)
    {
        public SourceLocation At { get; } = at;

        public string Fix { get; } = fix;
    }
}
