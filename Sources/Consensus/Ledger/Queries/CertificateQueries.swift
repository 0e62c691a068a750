package import Primitives

/// The transport keys that neurons of a subnet have published, of one hotkey or of all.
package struct CertificatesQuery: StateQuery {
  package static let name = "certificates"

  package var netuid = NetUID.root
  package var hotkey: Hotkey?
  package var page = PageRequest()

  package init() {}
  package init(netuid: NetUID, hotkey: Hotkey? = nil, page: PageRequest = PageRequest()) {
    self.netuid = netuid
    self.hotkey = hotkey
    self.page = page
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.netuid("netuid", &netuid)
    fields.optionalHotkey("hotkey", &hotkey)
    page.map(&fields)
  }

  package func answer(from state: LedgerState, with host: HostFunctions) throws(LedgerError) -> CertificatePageAnswer {
    let slots = try state.neurons(of: netuid)
    let page = try state.uidPage(page, on: netuid) { uid -> CertificateRow? in
      let found = slots.hotkeys[uid.index]
      let certificate = slots.axons[uid.index].certificate
      guard !certificate.isEmpty, hotkey == nil || hotkey == found else { return nil }
      return CertificateRow(found, certificate)
    }
    var answer = CertificatePageAnswer()
    answer.certificates = page.rows
    answer.nextCursor = page.nextCursor
    return answer
  }
}

package struct CertificatePageAnswer: FieldMapped {
  package var certificates: [CertificateRow] = []
  package var nextCursor: [UInt8] = []

  package init() {}

  package mutating func map(_ fields: inout FieldMapper) {
    fields.groups("certificates", &certificates, limit: AnswerLimits.items)
    fields.bytes("next_cursor", &nextCursor, limit: AnswerLimits.cursor)
  }
}

package struct CertificateRow: FieldMapped {
  package var hotkey = Hotkey()
  /// Algorithm byte, then the public key.
  package var certificate: [UInt8] = []

  package init() {}
  init(_ hotkey: Hotkey, _ certificate: [UInt8]) {
    self.hotkey = hotkey
    self.certificate = certificate
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.hotkey("hotkey", &hotkey)
    fields.bytes("certificate", &certificate, limit: AnswerLimits.bytes)
  }
}
