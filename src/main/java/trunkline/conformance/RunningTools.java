package trunkline.conformance;

import trunkline.feature.Tool;
import trunkline.feature.ToolFailed;
import trunkline.feature.ToolResult;
import trunkline.jsonrpc.LogLevel;

/// Tools that report while they run. The pauses are the suite's.
final class RunningTools {
  private static final int STEP_MILLIS = 50;
  private static final int AWAY_MILLIS = 100;

  static final Tool LOGGING =
      Tool.named("test_tool_with_logging")
          .description("Tests tool that emits log messages during execution")
          .readOnly()
          .handler((none, context) -> {
            context.log(LogLevel.INFO, "Tool execution started");
            Thread.sleep(STEP_MILLIS);
            context.log(LogLevel.INFO, "Tool processing data");
            Thread.sleep(STEP_MILLIS);
            context.log(LogLevel.INFO, "Tool execution completed");
            return ToolResult.text("Tool with logging executed successfully");
          });

  static final Tool PROGRESS =
      Tool.named("test_tool_with_progress")
          .description("Tests tool that reports progress notifications")
          .readOnly()
          .handler((none, context) -> {
            context.progress(0, 100.0, "Completed step 0 of 100");
            Thread.sleep(STEP_MILLIS);
            context.progress(50, 100.0, "Completed step 50 of 100");
            Thread.sleep(STEP_MILLIS);
            context.progress(100, 100.0, "Completed step 100 of 100");
            return ToolResult.text("Tool with progress executed successfully");
          });

  static final Tool ERROR =
      Tool.named("test_error_handling")
          .description("Tests error response handling")
          .readOnly()
          .handler((none, context) -> {
            throw new ToolFailed("This tool intentionally returns an error for testing");
          });

  static final Tool RECONNECTION =
      Tool.named("test_reconnection")
          .description(
              "Tests SSE stream disconnection and client reconnection (SEP-1699). Server will"
                  + " close the stream mid-call and send the result after client reconnects.")
          .readOnly()
          .handler((none, context) -> {
            context.releaseConnection();
            Thread.sleep(AWAY_MILLIS);
            return ToolResult.text(
                "Reconnection test completed successfully. If you received this, the client"
                    + " properly reconnected after stream closure.");
          });

  private RunningTools() {}
}
