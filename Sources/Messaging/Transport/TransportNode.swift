/// One node's place on a network: it sends, follows, and binds what answers and announces.
///
/// Executables choose the real one; everything else meets this protocol, so a whole network runs in one process.
package protocol TransportNode: RequestSender, Subscriber {
  /// The key under which this node dials and is dialled.
  var key: TransportKey { get }

  /// Binds an endpoint for requests; they wait until `serve` is called.
  ///
  /// - Throws: `.endpointTaken`, `.unsupportedEndpoint`, `.closed`, or `.socket` for anything else.
  func bindReceiver(at endpoint: Endpoint, admission: TransportAdmission) async throws(TransportError)
    -> any RequestReceiver

  /// Binds an endpoint for announcements. Admit known keys only: strangers may not face it (reliability R10).
  ///
  /// - Throws: `.endpointTaken`, `.unsupportedEndpoint`, `.closed`, or `.socket` for anything else.
  func bindPublisher(at endpoint: Endpoint, admission: TransportAdmission) async throws(TransportError)
    -> any Publisher

  /// Ends everything of this node: callers get `.closed`, and its endpoints are free when this returns.
  func close() async
}
