using System.Runtime.CompilerServices;
using System.Text;
using ToolBackend.Voice.Language;
using ToolBackend.Voice.Language.Chain;
using ToolBackend.Voice.Providers;

namespace ToolBackend.Voice.Sessions;

/// <summary>
/// One answer of a model, whole although its stream may be cut: the chain is asked to go on from what was handed out, so that nothing is said twice. Text is handed out in whole words: of a word that
/// was cut nothing was said.
/// </summary>
internal static class ContinuedAnswer
{
    /// <summary>Cuts of one answer that are gone on from.</summary>
    private const int MostCuts = 2;

    internal const string GoOn =
        "Your last message was cut off in the middle. Write only the rest of it, beginning with the very next word. Do not repeat or announce anything. If a tool is needed, call it now.";

    /// <param name="ask">Streams an answer to these messages.</param>
    /// <exception cref="ProviderException">Nobody began to answer; nothing was handed out.</exception>
    /// <exception cref="ReplyCutException">It broke off in the middle of a sentence, and nobody went on.</exception>
    public static async IAsyncEnumerable<ModelOutput> StreamAsync(
        Func<IReadOnlyList<ModelMessage>, IAsyncEnumerable<ModelOutput>> ask, IReadOnlyList<ModelMessage> messages, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var said = new StringBuilder();
        for (var cuts = 0; ; cuts++)
        {
            var words = new WholeWords(continues: said.Length > 0 && !char.IsWhiteSpace(said[^1]));
            var hasCalls = false;
            Exception? cut = null;
            await using var answer = ask(cuts == 0 ? messages : Continuation(messages, said.ToString())).GetAsyncEnumerator(cancellation);
            while (cut is null)
            {
                try
                {
                    if (!await answer.MoveNextAsync().ConfigureAwait(false))
                    {
                        break;
                    }
                }
                catch (ReplyCutException broken)
                {
                    cut = broken;
                    continue;
                }
                catch (ProviderException nobody) when (cuts > 0)
                {
                    (cut, cuts) = (new ReplyCutException(said.ToString(), nobody), MostCuts); // asking again is of no use
                    continue;
                }

                var output = answer.Current;
                hasCalls |= output is ModelOutput.ToolCalls;
                var whole = output is ModelOutput.Text(var text) ? words.Add(text) : words.End();
                if (whole.Length > 0)
                {
                    said.Append(whole);
                    yield return new ModelOutput.Text(whole);
                }

                if (output is not ModelOutput.Text)
                {
                    yield return output;
                }
            }

            // Tool calls are the last that an answer has: nothing is missing behind them.
            if (cut is null || hasCalls || (cuts >= MostCuts && EndsASentence(said)))
            {
                yield break;
            }

            if (cuts >= MostCuts)
            {
                throw cut;
            }
        }
    }

    private static List<ModelMessage> Continuation(IReadOnlyList<ModelMessage> messages, string said) =>
        said.Length == 0 ? [.. messages] : [.. messages, new ModelMessage(ModelRole.Assistant, said.TrimEnd()), new ModelMessage(ModelRole.System, GoOn)];

    private static bool EndsASentence(StringBuilder said) => said.ToString().TrimEnd().TrimEnd('"', '\'', '”', '’', ')') is [.., '.' or '!' or '?'];

    /// <summary>Holds a word back until it is known to be over; the voice could not say it before either.</summary>
    /// <param name="continues">The text before ended without a space: a word that begins here is another one.</param>
    private sealed class WholeWords(bool continues)
    {
        private string _held = "";
        private bool _wantsSpace = continues;

        public string Add(string text)
        {
            if (_wantsSpace && text.Length > 0)
            {
                text = char.IsLetterOrDigit(text[0]) ? " " + text : text;
                _wantsSpace = false;
            }

            var all = _held + text;
            var end = all is [.., '.' or '!' or '?' or ',' or ';' or ':'] ? all.Length : all.AsSpan().LastIndexOfAny(' ', '\n', '\t') + 1;
            _held = all[end..];
            return all[..end];
        }

        /// <summary>What was held: nothing comes behind it.</summary>
        public string End()
        {
            var rest = _held;
            _held = "";
            return rest;
        }
    }
}
