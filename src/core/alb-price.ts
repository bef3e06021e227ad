/** What an instance of ALB costs an hour by its edition, in yuan, without its capacity units (LCU) and what it sends; an hour that has
 *  begun is paid whole: https://help.aliyun.com/document_detail/197203.html, list prices. */
export const ALB_HOURLY = { Basic: 0.049, Standard: 0.147, StandardWithWaf: 0.245 } as const
