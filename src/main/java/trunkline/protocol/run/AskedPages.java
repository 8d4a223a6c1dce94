package trunkline.protocol.run;

import java.util.List;
import trunkline.exchange.UrlElicitations;
import trunkline.feature.CapabilityMissing;
import trunkline.feature.ClientCapability;
import trunkline.feature.ClientRequest;
import trunkline.feature.ClientRequestFailed;
import trunkline.feature.ElicitResult;
import trunkline.feature.RequestContext;
import trunkline.feature.UrlElicitation;
import trunkline.feature.UrlElicitationRequest;
import trunkline.feature.UrlElicitationRequired;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.ErrorCode;
import trunkline.jsonrpc.RpcError;
import trunkline.jsonrpc.RpcException;
import trunkline.protocol.round.InputRequired;

/// The web pages that a client's user is asked to open. A page has a row before its client hears of
/// it: the user may be done before the client answers.
record AskedPages(Caller caller, Services services) {

  /// Asks the user to open a page.
  ///
  /// @param context asks the client
  ElicitResult<UrlElicitation> elicit(RequestContext context, UrlElicitationRequest request) {
    if (!context.supports(ClientCapability.ELICITATION_URL)) {
      throw new CapabilityMissing(ClientCapability.ELICITATION_URL);
    }
    if (!open(List.of(request.id()))) {
      throw new ClientRequestFailed(
          ClientRequestFailed.Reason.SESSION_ENDED, "the session has ended");
    }
    var kept = false;
    try {
      var answer = ElicitResult.read(context.ask(question(request)), _ -> find(request.id()));
      kept = answer.accepted().isPresent();
      return answer;
    } catch (InputRequired e) { // its client is about to hear of it
      kept = true;
      throw e;
    } finally {
      if (!kept) {
        elicitations().withdraw(request.id());
      }
    }
  }

  private static ClientRequest question(UrlElicitationRequest page) {
    return new ClientRequest("elicitation/create", page.json(), ClientCapability.ELICITATION_URL)
        .named("page-" + page.id());
  }

  UrlElicitation find(String id) {
    return new StoredElicitation(services, id, caller.principal());
  }

  /// Stores the pages, and tells the client which have to be opened before it asks again.
  ///
  /// @throws InputRequired where that is said by asking
  RpcException required(RequestContext context, UrlElicitationRequired pages) {
    var ids = pages.elicitations().stream().map(UrlElicitationRequest::id).toList();
    var _ = open(ids); // committed before the client hears
    if (caller.session().isEmpty()) {
      context.askAll(pages.elicitations().stream().map(AskedPages::question).toList());
      return new RpcException(
          new RpcError(ErrorCode.INTERNAL_ERROR, "not completed yet: " + pages.getMessage()));
    }
    var data = Codec.object();
    var array = data.putArray("elicitations");
    pages.elicitations().forEach(each -> array.add(each.json()));
    return new RpcException(
        new RpcError(ErrorCode.URL_ELICITATION_REQUIRED, String.valueOf(pages.getMessage()), data));
  }

  /// Repeated with the same ids when the outcome is unknown.
  private boolean open(List<String> ids) {
    return services.patientlyUntilCancelled(() ->
        caller
            .session()
            .map(session -> elicitations().open(session.key(), ids))
            .orElseGet(() -> elicitations().open(caller.principal(), ids)));
  }

  private UrlElicitations elicitations() {
    return services.exchanges().elicitations();
  }
}
