"""What a scanner that is set to a US keyboard makes a till type whose keyboard is another. Taken from xkb-data through libxkbcommon."""

# ruff: noqa: RUF001 - an acute accent is what a Swedish keyboard types
from __future__ import annotations

from collections.abc import Mapping

_US = r"""`1234567890-=qwertyuiop[]\asdfghjkl;'zxcvbnm,./""", r"""~!@#$%^&*()_+QWERTYUIOP{}|ASDFGHJKL:"ZXCVBNM<>?"""

# The same 47 keys on each keyboard, without and with Shift. A dead key stands as the sign that it leaves alone.
_KEYBOARDS = {
    "us": _US,
    "no": (r"""|1234567890+\qwertyuiopå¨'asdfghjkløæzxcvbnm,.-""", r"""§!"#¤%&/()=?`QWERTYUIOPÅ^*ASDFGHJKLØÆZXCVBNM;:_"""),
    "se": (r"""§1234567890+´qwertyuiopå¨'asdfghjklöäzxcvbnm,.-""", r"""½!"#¤%&/()=?`QWERTYUIOPÅ^*ASDFGHJKLÖÄZXCVBNM;:_"""),
    "dk": (r"""½1234567890+´qwertyuiopå¨'asdfghjklæøzxcvbnm,.-""", r"""§!"#¤%&/()=?`QWERTYUIOPÅ^*ASDFGHJKLÆØZXCVBNM;:_"""),
    "fi": (r"""§1234567890+´qwertyuiopå¨'asdfghjklöäzxcvbnm,.-""", r"""½!"#¤%&/()=?`QWERTYUIOPÅ^*ASDFGHJKLÖÄZXCVBNM;:_"""),
    "de": (r"""^1234567890ß´qwertzuiopü+#asdfghjklöäyxcvbnm,.-""", r"""°!"§$%&/()=?`QWERTZUIOPÜ*'ASDFGHJKLÖÄYXCVBNM;:_"""),
    "gb": (r"""`1234567890-=qwertyuiop[]#asdfghjkl;'zxcvbnm,./""", r"""¬!"£$%^&*()_+QWERTYUIOP{}~ASDFGHJKL:@ZXCVBNM<>?"""),
    "pl": _US,
    "es": (r"""º1234567890'¡qwertyuiop`+çasdfghjklñ´zxcvbnm,.-""", r"""ª!"·$%&/()=?¿QWERTYUIOP^*ÇASDFGHJKLÑ¨ZXCVBNM;:_"""),
    "it": (r"""\1234567890'ìqwertyuiopè+ùasdfghjklòàzxcvbnm,.-""", r"""|!"£$%&/()=?^QWERTYUIOPé*§ASDFGHJKLç°ZXCVBNM;:_"""),
    "fr": (r"""²&é"'(-è_çà)=azertyuiop^$*qsdfghjklmùwxcvbn,;:!""", r"""~1234567890°+AZERTYUIOP¨£µQSDFGHJKLM%WXCVBN?./§"""),
}

KEYBOARDS: Mapping[str, Mapping[int, int]] = {
    name: str.maketrans("".join(_US), "".join(keys)) for name, keys in _KEYBOARDS.items() if name != "fr"
}
FRENCH: Mapping[int, int] = str.maketrans("".join(_US), "".join(_KEYBOARDS["fr"]))
