"""Drawn people and plates: no photo of anybody is kept here. They prove that the detector runs and
that boxes lie where they should; how many real faces it finds, they do not tell."""

from io import BytesIO

from PIL import Image, ImageDraw, ImageFilter

SKY, ROAD = (150, 165, 180), (92, 96, 92)
HAIR, SKIN, SHADE = (45, 32, 28), (222, 180, 155), (205, 158, 132)


def face(side: int) -> Image.Image:
    """A face with hair, neck and shoulders, `side` pixels wide."""
    page = Image.new("RGB", (side, side * 13 // 10), SKY)
    draw = ImageDraw.Draw(page)

    def oval(left, top, right, bottom, colour):
        draw.ellipse(tuple(side * part for part in (left, top, right, bottom)), fill=colour)

    oval(0.12, 0.02, 0.88, 0.95, HAIR)
    draw.rectangle((side * 0.38, side * 0.9, side * 0.62, side * 1.2), fill=SHADE)
    oval(-0.1, 1.08, 1.1, 1.7, (60, 80, 140))
    oval(0.2, 0.12, 0.8, 1.02, SKIN)
    oval(0.2, 0.02, 0.8, 0.34, HAIR)
    for eye in (0.37, 0.63):
        oval(eye - 0.065, 0.47, eye + 0.065, 0.54, (245, 242, 240))
        oval(eye - 0.032, 0.475, eye + 0.032, 0.54, (50, 34, 26))
        brow = tuple(side * part for part in (eye - 0.09, 0.39, eye + 0.09, 0.5))
        draw.arc(brow, 200, 340, fill=HAIR, width=max(2, side // 45))
    draw.polygon(
        [(side * x, side * y) for x, y in ((0.5, 0.52), (0.445, 0.7), (0.555, 0.7))], SHADE
    )
    oval(0.4, 0.79, 0.6, 0.87, (180, 90, 85))
    draw.line((side * 0.41, side * 0.83, side * 0.59, side * 0.83), (120, 50, 50), 2)
    return page.filter(ImageFilter.GaussianBlur(side / 120))


def plate(width: int = 110) -> Image.Image:
    """A blue number plate with white bars where characters would be."""
    page = Image.new("RGB", (width, width * 14 // 44), (20, 60, 170))
    draw = ImageDraw.Draw(page)
    for place in range(7):
        left = width * (0.06 + 0.13 * place)
        draw.rectangle((left, page.height * 0.2, left + width * 0.05, page.height * 0.8), "white")
    return page


def scene(*, faces: tuple[int, ...] = (), plates: int = 0, size=(1280, 960)) -> Image.Image:
    """A street with faces of these widths along the top and plates along the bottom."""
    page = Image.new("RGB", size, SKY)
    ImageDraw.Draw(page).rectangle((0, size[1] * 2 // 3, *size), fill=ROAD)
    left = 40
    for side in faces:
        page.paste(face(side), (left, 120))
        left += side + 60
    for number in range(plates):
        page.paste(plate(), (60 + 300 * number, size[1] - 160))
    return page


def jpeg(image: Image.Image, **options: object) -> bytes:
    out = BytesIO()
    image.save(out, "JPEG", quality=92, **options)
    return out.getvalue()
