import type { Operations } from '../operation.ts'
import {
  deleteUserCertificate,
  getUserCertificateDetail,
  listUserCertificateOrder,
  uploadUserCertificate,
} from './certificates.ts'

/** The operations of the certificate service that are spoken here, with their parameters as documented. */
export const CAS: Operations = {
  UploadUserCertificate: {
    parameters: { Name: 'text!', Cert: 'text!', Key: 'text!' },
    run: uploadUserCertificate,
  },
  ListUserCertificateOrder: {
    parameters: {
      OrderType: 'text',
      Status: 'text',
      Keyword: 'text',
      CurrentPage: 'int',
      ShowSize: 'int',
    },
    run: listUserCertificateOrder,
  },
  GetUserCertificateDetail: {
    parameters: { CertId: 'int!', CertFilter: 'flag' },
    run: getUserCertificateDetail,
  },
  DeleteUserCertificate: { parameters: { CertId: 'int!' }, run: deleteUserCertificate },
}
