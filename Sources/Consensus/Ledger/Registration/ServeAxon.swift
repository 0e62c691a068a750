package import Primitives

/// Publishes where a neuron answers. Source: registry 11.
package struct ServeAxon: LedgerCall {
  package static let descriptor = CallDescriptor(
    6, "ServeAxon", by: .hotkey, bearsFee: false, "Publish where your neuron answers.")

  package var netuid = NetUID.root
  package var version: UInt32 = 0
  package var ip: [UInt8] = []
  package var port: UInt16 = 0
  package var ipType: UInt8 = 0
  package var protocolNumber: UInt8 = 0
  package var placeholder1: UInt8 = 0
  package var placeholder2: UInt8 = 0
  /// Algorithm byte and key; empty leaves the stored certificate.
  package var certificate: [UInt8] = []

  package init() {}
  package init(netuid: NetUID, version: UInt32, ip: [UInt8], port: UInt16, protocolNumber: UInt8 = 1) {
    self.netuid = netuid
    self.version = version
    self.ip = ip
    self.port = port
    self.ipType = ip.count == 16 ? 6 : 4
    self.protocolNumber = protocolNumber
    self.placeholder1 = 1
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.netuid("netuid", &netuid)
    fields.number("version", &version)
    fields.bytes("ip", &ip, limit: CallLimits.bytes)
    fields.number("port", &port)
    fields.number("ip_type", &ipType)
    fields.number("protocol", &protocolNumber)
    fields.number("placeholder1", &placeholder1)
    fields.number("placeholder2", &placeholder2)
    fields.bytes("certificate", &certificate, limit: CallLimits.bytes)
  }

  package func execute(on state: inout LedgerState, as origin: Origin, with host: HostFunctions) throws(LedgerError)
    -> [LedgerEvent]
  {
    let hotkey = try origin.hotkey()
    guard let subnet = state.subnets[netuid] else { throw .subnetNotExists.with("netuid", netuid) }
    guard let slots = state.slots[netuid], let uid = slots.uid(of: hotkey) else {
      throw .hotKeyNotRegisteredInNetwork.with("netuid", netuid)
    }
    try checkAddress(allowingLoopback: state.chain.parameters.allowLoopbackEndpoints)
    let axon = slots.axons[uid.index]
    try RateLimit.serving.check(
      limit: subnet.parameters.servingRateLimit, last: axon.block, now: state.block, else: .servingRateLimitExceeded)
    guard port != 0 else { throw .invalidPort }
    try checkCertificate()

    let served = self.served(at: state.block, replacing: axon)
    state.slots.modify(netuid) { $0.axons[uid.index] = served }
    return [LedgerEvent("AxonServed", ["netuid": .netuid(netuid), "hotkey": .hotkey(hotkey)])]
  }

  private func checkAddress(allowingLoopback: Bool) throws(LedgerError) {
    guard ipType == 4 || ipType == 6 else { throw .invalidIpType.with("ip_type", UInt64(ipType)) }
    guard ip.count == (ipType == 4 ? 4 : 16) else { throw .invalidIpAddress.with("length", ip.count) }
    guard !ip.allSatisfy({ $0 == 255 }) else { throw .invalidIpAddress }
    let loopback: [UInt8] = ipType == 4 ? [127, 0, 0, 1] : Array(repeating: 0, count: 15) + [1]
    if ip == loopback, !allowingLoopback { throw .invalidIpAddress.with("address", "loopback") }
  }

  private func checkCertificate() throws(LedgerError) {
    guard let algorithm = certificate.first else { return }
    let keyLength = certificate.count - 1
    guard algorithm == 1 ? keyLength == 32 : (1...64).contains(keyLength) else {
      throw .invalidCertificate.with("algorithm", UInt64(algorithm)).with("length", keyLength)
    }
  }

  private func served(at block: BlockNumber, replacing old: Axon) -> Axon {
    var axon = Axon()
    axon.block = block
    axon.version = version
    axon.ip = ip
    axon.port = port
    axon.ipType = ipType
    axon.protocolNumber = protocolNumber
    axon.placeholder1 = placeholder1
    axon.placeholder2 = placeholder2
    axon.certificate = certificate.isEmpty ? old.certificate : certificate
    return axon
  }
}
