extension EnvelopeMessage {
  /// A `QueryRequest` to the chain, and its `QueryReply`: the one message that a chain node answers.
  ///
  /// The netuid of its envelope is 0. The payload of a reply with status 200 is a `QueryReply`, whose `error` says what
  /// the rules refuse; any other status has no payload.
  package static let query: EnvelopeMessage = {
    guard let message = EnvelopeMessage("query", version: 1) else { preconditionFailure("`query` is a name") }
    return message
  }()
}
