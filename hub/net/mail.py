"""Outgoing mail by SMTP, in a thread: the standard library does it, and there is little of it.

It knows a server and a message. It refuses to know what the mail is about, and never repeats an address.
"""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from hub.config.alerts import Mail
from hub.config.policy import MAIL_TIMEOUT_S
from hub.errors import TargetMisconfigured, TargetUnavailable


async def send(mail: Mail, *, subject: str, text: str, message_id: str, at: datetime) -> None:
    """Send one mail to everybody; raises TargetUnavailable or TargetMisconfigured. The same id may come twice."""
    message = EmailMessage()
    message["From"] = mail.sender
    message["To"] = ", ".join(mail.to)
    message["Subject"] = subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{message_id}@{mail.sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's out-of-office answers it
    message.set_content(text)
    await asyncio.to_thread(_send, mail, message)


def _send(mail: Mail, message: EmailMessage) -> None:
    try:
        with _connected(mail) as server:
            if mail.password is not None:
                server.login(mail.user, mail.password.get_secret_value())
            server.send_message(message)
    except (smtplib.SMTPAuthenticationError, smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused) as error:
        raise TargetMisconfigured(
            f"the mail server refuses: {type(error).__name__}",
            code="mail",
            advice="look at user, password, sender and to in alerts.yaml",
        ) from None
    except (smtplib.SMTPException, OSError) as error:
        raise TargetUnavailable(
            f"the mail server can't be reached: {type(error).__name__}",
            code="mail",
            advice="look at server, port and tls in alerts.yaml",
        ) from None


def _connected(mail: Mail) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if mail.tls == "direct":
        return smtplib.SMTP_SSL(mail.server, mail.port, timeout=MAIL_TIMEOUT_S, context=context)
    server = smtplib.SMTP(mail.server, mail.port, timeout=MAIL_TIMEOUT_S)
    if mail.tls == "starttls":
        try:
            server.starttls(context=context)
        except BaseException:
            server.close()
            raise
    return server
