using System.Buffers;
using Microsoft.Extensions.Options;
using ToolBackend.Core.Calls;
using ToolBackend.Core.Tools;
using ToolBackend.Vapi.Messages;

namespace ToolBackend.Api.Webhooks;

/// <summary>Runs the tool calls of one message at the same time and answers each id once.</summary>
public sealed class ToolCallDispatcher(ToolRunner tools, PhoneTools phone, IOptions<WebhookOptions> options)
{
    public async ValueTask<Action<IBufferWriter<byte>>> AnswerAsync(VapiMessage message, bool rehearsal = false)
    {
        var call = CallContexts.Of(message, options.Value.CallerNumberParameter);
        var answers = new ToolCallAnswer[message.ToolCalls.Count];
        if (answers.Length == 1)
        {
            answers[0] = Answered(message.ToolCalls[0], await RunAsync(message, message.ToolCalls[0], call, rehearsal));
        }
        else
        {
            var running = new Task<ToolAnswer>[answers.Length];
            for (var i = 0; i < running.Length; i++)
            {
                running[i] = RunAsync(message, message.ToolCalls[i], call, rehearsal).AsTask();
            }

            for (var i = 0; i < running.Length; i++)
            {
                answers[i] = Answered(message.ToolCalls[i], await running[i]);
            }
        }

        return output => ToolCallAnswer.Write(output, answers);
    }

    /// <summary>The old message has no tool call id, so a write cannot be made idempotent and is refused with a sentence.</summary>
    public async ValueTask<Action<IBufferWriter<byte>>> AnswerLegacyAsync(VapiMessage message)
    {
        if (message.FunctionCall is not { } function)
        {
            return static output => new FunctionCallAnswer("There is no such tool.").Write(output);
        }

        var answer = await RunAsync(message, function, CallContexts.Of(message), rehearsal: false);
        return output => new FunctionCallAnswer(answer.Say).Write(output);
    }

    private ValueTask<ToolAnswer> RunAsync(VapiMessage message, VapiToolCall call, CallContext context, bool rehearsal) =>
        PhoneTools.IsOne(call.Name) ? phone.RunAsync(message, call)
        : call.ArgumentError is ArgumentError.None ? tools.RunAsync(call.Name, call.Id, call.Arguments, context, rehearsal)
        : ValueTask.FromResult(new ToolAnswer("The tool was called with arguments that could not be read. Call it again with a JSON object that follows its schema.", true));

    private static ToolCallAnswer Answered(VapiToolCall call, ToolAnswer answer) => new(call.Id, call.Name, answer.Say, answer.Failed);
}
