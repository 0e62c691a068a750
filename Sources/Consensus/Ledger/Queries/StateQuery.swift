package import Primitives

/// One kind of question about the state: its arguments, and its answer as a pure function of a `LedgerState`.
///
/// Adding a query means one type like this, one line in `QueryTable`, and its two messages in `Proto/query.proto`
/// under one name and number. Clients write `query.arguments` and read the reply with `answer(in:)`.
package protocol StateQuery: FieldMapped {
  /// The message that answers.
  associatedtype Answer: FieldMapped

  /// Name of the member of `QueryRequest` and of `QueryReply`: `subnet_info`.
  static var name: String { get }

  /// - Throws: `SubnetNotExists`, `NotFound`, `Malformed` and others of the calls, with the values concerned.
  func answer(from state: LedgerState, with host: HostFunctions) throws(LedgerError) -> Answer

  /// The answer as it travels.
  func reply(from state: LedgerState, with host: HostFunctions) throws(LedgerError) -> Fields
}

extension StateQuery {
  package func reply(from state: LedgerState, with host: HostFunctions) throws(LedgerError) -> Fields {
    try answer(from: state, with: host).fields
  }

  /// The arguments as they travel.
  package var arguments: Fields { fields }

  /// The member of `QueryRequest.query` that asks this.
  package var request: Fields { Fields([.init(name: Self.name, value: .group(fields))]) }

  /// Reads the answer out of the member of `QueryReply.reply` that has this query's name.
  ///
  /// - Throws: `Malformed` with the field that does not fit.
  package static func answer(in reply: Fields) throws(LedgerError) -> Answer { try read(Answer.self, from: reply) }
}

/// Reads a message that must be whole.
///
/// - Throws: `Malformed` with the field that is missing or outside its type.
func read<Message: FieldMapped>(_ type: Message.Type, from fields: Fields) throws(LedgerError) -> Message {
  var mapper = FieldMapper.reading(fields)
  var message = Message()
  message.map(&mapper)
  if let field = mapper.malformedField { throw .malformed.with("field", field) }
  return message
}
